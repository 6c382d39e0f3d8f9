"""What can be asked of the civil registry."""

from services.civil_registry.queries.documents import verify_document
from services.civil_registry.queries.offered import offered_declarations
from services.civil_registry.queries.people import look_up_person

__all__ = ["look_up_person", "offered_declarations", "verify_document"]
