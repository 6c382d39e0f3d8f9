"""What the registry's double says to undertakers: what a death needs, their list, how a deed reads; and permits."""

from typing import Any

from services.contracts import civil_registry as contract
from tests.registry_double import CONTRACTS, RegistryDouble, actor

CONTRACTS |= {
    "check_death": (contract.CheckDeath, contract.DeathChecked),
    "my_funerals": (contract.MyFunerals, contract.FuneralList),
    "last_declarant": (contract.LastDeclarant, contract.DeclarantKnown),
    "preview_deed": (contract.PreviewDeathDeed, contract.DeathDeedPreview),
}
FIRM, OTHER_FIRM = actor("undertaker", "99000011"), actor("undertaker", "99000022")
PLACES = ["Medisch Spectrum Twente, Koningstraat 1", "Hospice Enschede, Spoorstraat 20"]
WINDOW = {"funeral_from": "2026-11-24T09:10:00+00:00", "funeral_by": "2026-11-30"}
"""Of who died on Sunday 22 November 2026 at 22:10."""
_PARTS = {"death", "deceased", "funeral", "declarant", "contact"}


class FuneralsDouble(RegistryDouble):
    """The double with deaths. `death_obstacles`: what stands in the way online, by the word of the question that asks.

    A declaration that is sent gets a permit that is asked for.
    """

    def __init__(self, clock: Any) -> None:
        super().__init__(clock)
        self.death_obstacles: list[dict[str, Any]] = []
        self.declarant: dict[str, Any] | None = None
        self.done: list[dict[str, Any]] = []

    def permit_of(self, death: dict[str, Any], status: str = "requested", **changes: Any) -> dict[str, Any]:
        """Put a permit to a death, and return it."""
        funeral = death["content"].get("funeral") or {"kind": "burial", "at": None}
        owner = {"kind": "undertaker", "subject": death["owner"]}
        given = {"content": {"funeral": funeral}, "terms": WINDOW, "decisions": {}, "parent_id": death["record_id"]}
        permit = self.has("funeral-permit", owner, status, **given | changes)
        death["children"].append({name: permit[name] for name in _LINE if name in permit})
        return permit

    def _record(self, request: dict[str, Any]) -> dict[str, Any]:
        for one in self.records.values():
            if one["kind"] == "death" and "death" in one["content"] and not one["terms"]:
                one["terms"] = dict(WINDOW)
        return super()._record(request)

    def _save_draft(self, request: dict[str, Any]) -> dict[str, Any]:
        settled = super()._save_draft(request)
        record = self.records[request["record_id"]]
        named = record["content"].get("deceased") or {}
        record["label"] = f"{named.get('first_names', '')} {named.get('surname', '')}".strip()
        return settled

    def _act(self, request: dict[str, Any]) -> dict[str, Any]:
        settled = super()._act(request)
        record = self.records[request["record_id"]]
        if (record["kind"], request["command"]) in (("death", "submit"), ("death", "request-permit")):
            self.permit_of(record)
        if request["command"] == "plan":
            record["content"]["funeral"] = request["particulars"]["funeral"]
        if request["command"] == "request-amendment":
            record["decisions"]["wish"] = request["particulars"] | {"asked_at": self.clock.now().isoformat()}
        return settled

    def _check_death(self, request: dict[str, Any]) -> dict[str, Any]:
        natural = {"any_of": ["a-certificate"], "coroner": False, "prosecutor": False}
        violent = {"any_of": ["no-objection"], "coroner": True, "prosecutor": True}
        by_manner = {"natural": natural, "not-natural": violent, "euthanasia": violent, "unclear": violent}
        return {
            "municipality": "0153",
            "town": "Enschede",
            "places": PLACES,
            "papers": [{"manner": manner} | papers for manner, papers in by_manner.items()],
            "obstacles": self.death_obstacles if request["died_on"] or request["bsn_given"] is False else [],
            "funeral_from": None,
            "funeral_by": None,
            "originals_days": 7,
        }

    def _my_funerals(self, request: dict[str, Any]) -> dict[str, Any]:
        deaths = [one for one in self.records.values() if one["kind"] == "death"]
        mine = [one for one in deaths if one["owner"] == request["actor"]["subject"]]
        wanted = request["receipt"]
        if wanted is not None:
            mine = [one for one in mine if wanted in (one["receipt"], *(child["receipt"] for child in one["children"]))]
        return {"open": [self._death_line(one) for one in mine], "done": self.done, "more": False}

    def _death_line(self, death: dict[str, Any]) -> dict[str, Any]:
        permit = self.records[death["children"][-1]["record_id"]] if death["children"] else None
        draft = death["status"] == "draft"
        whole = death["content"].keys() >= _PARTS
        stops = "not-complete" if not whole else "" if death["evidence"] else "death-certificate-missing"
        told = {
            "funeral_from": WINDOW["funeral_from"] if "death" in death["content"] else None,
            "funeral_by": WINDOW["funeral_by"] if "death" in death["content"] else None,
            "answer_by": (death["question"] or {}).get("answer_by"),
            "originals_by": death["terms"].get("originals_by"),
            "urgency": "act" if draft or death["question"] else "waiting",
            "permit": permit
            and {name: permit[name] for name in ("record_id", "receipt", "status", "flags")}
            | {"funeral": permit["content"]["funeral"]},
            "stops": stops if draft else None,
        }
        same = ("record_id", "receipt", "status", "flags", "label", "started_at", "submitted_at")
        return told | {name: death[name] for name in same} | death.get("line", {})

    def _last_declarant(self, request: dict[str, Any]) -> dict[str, Any]:
        return self.declarant or {"declarant": None, "contact": None}

    def _preview_deed(self, request: dict[str, Any]) -> dict[str, Any]:
        record = self._mine(request)
        lines = [{"label": "Overledene", "value": record["label"]}]
        return {"title": "Akte van overlijden", "sections": [{"heading": "", "lines": lines}]}


_LINE = tuple(contract.RecordLine().fields)
