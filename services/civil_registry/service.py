"""The face of the civil registry: one line per entrypoint; validation, key and transaction are the edge's work."""

from services.civil_registry import commands, queries
from services.civil_registry.commands import registers
from services.contracts import civil_registry as contracts
from services.contracts.base import Done, Nothing
from services.messaging.runtime import Given, rpc_command, rpc_query


class CivilRegistryService:
    """Answers and does what contracts.civil_registry says."""

    name = "civil_registry"
    office = Given("office")
    brp = Given("brp")

    @rpc_query(contracts.OfferedDeclarations, reply=contracts.DeclarationList)
    def offered_declarations(self, reading, asked):
        return queries.offered_declarations(reading, self.office.offering, **asked)

    # --- records

    @rpc_command(contracts.StartRecord, reply=contracts.Settled)
    def start_record(self, work, asked):
        return commands.start_record(work, self.office, **asked)

    @rpc_command(contracts.SaveDraft, reply=contracts.Settled)
    def save_draft(self, work, asked):
        return commands.save_draft(work, self.office, **asked)

    @rpc_command(contracts.Act, reply=contracts.Settled)
    def act(self, work, asked):
        return commands.act(work, self.office, **asked)

    @rpc_command(contracts.AddEvidence, reply=contracts.Settled)
    def add_evidence(self, work, asked):
        return commands.add_evidence(work, self.office, **asked)

    @rpc_command(contracts.RecordBirthNotice, reply=contracts.NoticeStored)
    def record_birth_notice(self, work, asked):
        return commands.record_birth_notice(work, self.office, **asked)

    @rpc_query(contracts.GetRecord, reply=contracts.Record)
    def record(self, reading, asked):
        return queries.record(reading, self.office, **asked)

    @rpc_query(contracts.MyRecords, reply=contracts.RecordList)
    def my_records(self, reading, asked):
        return queries.my_records(reading, self.office, **asked)

    @rpc_query(contracts.GetQueue, reply=contracts.WorkQueue)
    def work_queue(self, reading, asked):
        return queries.work_queue(reading, self.office, **asked)

    @rpc_query(contracts.FindRecords, reply=contracts.RecordList)
    def find_records(self, reading, asked):
        return queries.find_records(reading, self.office, **asked)

    @rpc_query(contracts.CheckBirth, reply=contracts.Obstacles)
    def check_birth(self, reading, asked):
        return queries.check_birth(reading, self.office, self.brp, **asked)

    @rpc_query(contracts.CheckDeath, reply=contracts.DeathChecked)
    def check_death(self, reading, asked):
        return queries.check_death(reading, self.office, **asked)

    @rpc_query(contracts.MyFunerals, reply=contracts.FuneralList)
    def my_funerals(self, reading, asked):
        return queries.my_funerals(reading, self.office, **asked)

    @rpc_query(contracts.LastDeclarant, reply=contracts.DeclarantKnown)
    def last_declarant(self, reading, asked):
        return queries.last_declarant(reading, self.office, **asked)

    @rpc_query(contracts.PreviewDeathDeed, reply=contracts.DeathDeedPreview)
    def preview_deed(self, reading, asked):
        return queries.preview_deed(reading, self.office, **asked)

    @rpc_query(Nothing, reply=contracts.BirthPlaces)
    def birth_places(self, reading, asked):
        return queries.birth_places(reading, self.office, **asked)

    @rpc_query(contracts.PreviewBirth, reply=contracts.BirthPreview)
    def birth_preview(self, reading, asked):
        return queries.birth_preview(reading, self.office, self.brp, **asked)

    @rpc_query(contracts.MyNotices, reply=contracts.NoticeList)
    def birth_notices(self, reading, asked):
        return queries.birth_notices(reading, self.office, **asked)

    @rpc_query(contracts.CheckMarriage, reply=contracts.MarriageObstacles)
    def check_marriage(self, reading, asked):
        return queries.check_marriage(reading, self.office, self.brp, **asked)

    @rpc_query(contracts.FindCeremonyDays, reply=contracts.CeremonyDays)
    def ceremony_days(self, reading, asked):
        return queries.ceremony_days(reading, self.office, **asked)

    @rpc_query(contracts.FindCeremonyTimes, reply=contracts.CeremonyTimes)
    def ceremony_times(self, reading, asked):
        return queries.ceremony_times(reading, self.office, **asked)

    @rpc_query(contracts.LookUpPerson, reply=contracts.PersonFound)
    def look_up_person(self, reading, asked):
        return queries.look_up_person(reading, self.office, self.brp, **asked)

    # --- registers and documents

    @rpc_query(contracts.GetDeed, reply=contracts.Deed)
    def deed(self, reading, asked):
        return registers.deed(reading, self.office, **asked)

    @rpc_query(contracts.PreviewDeed, reply=contracts.DeedPreview)
    def deed_preview(self, reading, asked):
        return queries.deed_preview(reading, self.office, **asked)

    @rpc_query(contracts.Asked, reply=contracts.Registers)
    def registers(self, reading, asked):
        return registers.registers(reading, self.office, **asked)

    @rpc_command(contracts.AddMention, reply=Done)
    def add_mention(self, work, asked):
        return registers.add_mention(work, self.office, **asked)

    @rpc_command(contracts.AddCourtOrder, reply=Done)
    def add_court_order(self, work, asked):
        return registers.add_court_order(work, self.office, **asked)

    @rpc_command(contracts.CorrectSlip, reply=Done)
    def correct_slip(self, work, asked):
        return registers.correct_slip(work, self.office, **asked)

    @rpc_command(contracts.BlockExtracts, reply=Done)
    def block_extracts(self, work, asked):
        return registers.block_extracts(work, self.office, **asked)

    @rpc_command(contracts.CloseRegister, reply=Done)
    def close_register(self, work, asked):
        return registers.close_register(work, self.office, **asked)

    @rpc_command(contracts.IssueExtract, reply=contracts.IssuedDocument)
    def issue_extract(self, work, asked):
        return commands.issue_extract(work, self.office, **asked)

    @rpc_query(contracts.GetDocument, reply=contracts.DocumentFile)
    def document_file(self, reading, asked):
        return queries.document_file(reading, self.office, **asked)

    @rpc_query(contracts.GetEvidence, reply=contracts.DocumentFile)
    def evidence_file(self, reading, asked):
        return queries.evidence_file(reading, self.office, **asked)

    @rpc_query(contracts.VerifyDocument, reply=contracts.Verification)
    def verify_document(self, reading, asked):
        return queries.verify_document(reading, self.office.desk, **asked)

    # --- for other services

    @rpc_query(contracts.AboutFact, reply=contracts.RecordContact)
    def contact_of_record(self, reading, asked):
        return queries.contact_of_record(reading, self.office, **asked)

    @rpc_query(contracts.AboutFact, reply=contracts.Departed)
    def departed(self, reading, asked):
        return queries.departed(reading, self.office, **asked)

    @rpc_query(contracts.GetFigures, reply=contracts.RegistryFigures)
    def figures(self, reading, asked):
        return queries.figures(reading, self.office, **asked)
