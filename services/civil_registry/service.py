"""The face of the civil registry: one line per entrypoint; validation and connection are the edge's work."""

from services.civil_registry import queries
from services.contracts import civil_registry
from services.messaging.runtime import Given, rpc_query


class CivilRegistryService:
    """Answers contracts.civil_registry."""

    name = "civil_registry"
    offering = Given("offering")

    @rpc_query(civil_registry.OfferedDeclarations, reply=civil_registry.DeclarationList)
    def offered_declarations(self, reading, asked):
        """Return which declarations are offered."""
        return queries.offered_declarations(reading, self.offering, **asked)
