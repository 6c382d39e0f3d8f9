"""What can be asked of the civil registry."""

from services.civil_registry.queries.documents import verify_document
from services.civil_registry.queries.offered import offered_declarations

__all__ = ["offered_declarations", "verify_document"]
