"""What can be done in the civil registry: one function per use case, inside the Work that it is given."""

from services.civil_registry.commands.acting import act, let_time_act, save_draft, start_record
from services.civil_registry.commands.birth_notices import record_birth_notice
from services.civil_registry.commands.evidence import add_evidence
from services.civil_registry.commands.papers import issue_extract

__all__ = [
    "act",
    "add_evidence",
    "issue_extract",
    "let_time_act",
    "record_birth_notice",
    "save_draft",
    "start_record",
]
