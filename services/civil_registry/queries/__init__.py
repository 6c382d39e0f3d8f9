"""What can be asked of the civil registry."""

from services.civil_registry.queries.birth_preview import birth_places, birth_preview
from services.civil_registry.queries.births import birth_notices, check_birth
from services.civil_registry.queries.ceremonies import ceremony_days, ceremony_times
from services.civil_registry.queries.deed_preview import deed_preview
from services.civil_registry.queries.documents import verify_document
from services.civil_registry.queries.figures import figures
from services.civil_registry.queries.files import document_file, evidence_file
from services.civil_registry.queries.for_services import contact_of_record, departed
from services.civil_registry.queries.funerals import check_death, last_declarant, my_funerals, preview_deed
from services.civil_registry.queries.marriages import check_marriage
from services.civil_registry.queries.offered import offered_declarations
from services.civil_registry.queries.people import look_up_person
from services.civil_registry.queries.records import find_records, my_records, record, work_queue

__all__ = [
    "birth_notices",
    "birth_places",
    "birth_preview",
    "ceremony_days",
    "ceremony_times",
    "check_birth",
    "check_death",
    "check_marriage",
    "contact_of_record",
    "deed_preview",
    "departed",
    "document_file",
    "evidence_file",
    "figures",
    "find_records",
    "last_declarant",
    "look_up_person",
    "my_funerals",
    "my_records",
    "offered_declarations",
    "preview_deed",
    "record",
    "verify_document",
    "work_queue",
]
