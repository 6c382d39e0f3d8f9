"""How a record is called in a list, for whoever may see it."""

from services.civil_registry.domain.record import Kind, Record


def label_of(record: Record) -> str:
    """Return the child's first names, who died, or nothing while that is not filled in; partners have no name here."""
    if record.kind is Kind.BIRTH:
        return str(record.part("child").get("first_names", ""))
    if record.kind is Kind.DEATH:
        deceased = record.part("deceased")
        parts = (deceased.get("first_names"), deceased.get("surname_prefix"), deceased.get("surname"))
        return " ".join(str(part) for part in parts if part)
    return ""
