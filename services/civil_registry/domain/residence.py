"""Who lives in the Netherlands, as the BRP tells."""

from services.civil_registry.domain.person import Person

RNI = "1999"
"""The register of non-residents (*Registratie Niet-Ingezetenen*) in national table 33."""


def is_resident(person: Person) -> bool:
    """Say whether somebody is registered as living in the Netherlands (*ingezetene*)."""
    return person.municipality not in ("", RNI) and person.suspended is None
