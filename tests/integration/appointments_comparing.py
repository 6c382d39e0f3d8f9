"""Whether engine and model say the same: of every visit, every tick, every lock and every fact."""

from collections import Counter

from hypothesis.stateful import invariant

from tests.integration.appointments_engine import Engine
from tests.integration.appointments_model import DAYS, LINES, PRODUCTS, Kept, Model

KINDS = {
    "confirm": "afspraak-gemaakt", "move": "afspraak-verzet", "cancel": "afspraak-geannuleerd",
    "expire": "reservering-verlopen",
}  # fmt: skip


class Comparing:
    """The half of the machine that looks."""

    desk: Engine
    model: Model
    seen: Counter[str]
    told: Counter[str]
    heard: int

    @invariant()
    def the_quota_counts_live_ticks(self):
        if hasattr(self, "model"):
            rows = self.desk.all(
                'SELECT "on", used_ticks, limit_ticks FROM quota_day WHERE "on" = ANY(:days)', days=DAYS
            )
            assert {row.on: (row.used_ticks, row.limit_ticks) for row in rows} == {
                on: (self.model.used(on), self.model.limit(on)) for on in DAYS
            }

    def _settle(self, told=(), *, new=None, lines=False, kept=False):
        """Compare everything. `new`: whose lines the engine chose; `lines`: others may have changed theirs at their
        own times; `kept`: places may have been kept or let go; `told`: the facts about each visit, None: any.
        """
        rows = self.desk.all("SELECT * FROM appointment ORDER BY created_at, id")
        self._compare_visits([row for row in rows if row.kept_for == "visitor"], new=new, lines=lines)
        self._compare_kept([r for r in rows if r.kept_for != "visitor" and r.state == "held"], lines=lines, kept=kept)
        self._compare_ticks()
        self._compare_locks()
        self._compare_facts(told, rows)

    def _compare_visits(self, rows, *, new, lines):
        assert {str(row.id) for row in rows} == set(self.model.visits)
        for row in rows:
            visit = self.model.visits[str(row.id)]
            assert (
                row.state, row.on, row.first_tick, row.ticks, row.version, row.sequence, row.extended, row.expires_at,
                row.starts_at, bool(row.quota_ids), row.reference,
            ) == (
                visit.state, visit.on, visit.first, visit.ticks, visit.version, visit.sequence, visit.extended,
                visit.expires_at, visit.starts_at, visit.counted, (visit.reference or "").replace("-", "") or None,
            ), visit  # fmt: skip
            found = row.line_id, tuple(claim["line_id"] for claim in row.claims)
            if visit.id == new or lines:
                self.seen["changed lines unseen"] += visit.id != new and (visit.line, visit.rooms) not in (
                    ("", ()),
                    found,
                )
                visit.line, visit.rooms = found
                assert visit.line in self.model.able("desk", PRODUCTS[visit.product].skill)
                for room, (kind, skill, _, _) in zip(visit.rooms, visit.needs, strict=True):
                    assert room in self.model.able(kind, skill)
            assert (visit.line, visit.rooms) == found, visit

    def _compare_kept(self, rows, *, lines, kept):
        found = {str(row.id): _kept(row) for row in rows}
        if not kept:
            assert {i: (k.on, sorted(map(len, dict(k.runs).values()))) for i, k in found.items()} == {
                i: (k.on, sorted(map(len, dict(k.runs).values()))) for i, k in self.model.kept.items()
            }
            assert lines or found == self.model.kept
        assert not any(row.quota_ids for row in rows)
        self.seen["kept for the list"] += len([one for one in found.values() if one.kept_for == "list"])
        self.model.kept = found

    def _compare_ticks(self):
        rows = self.desk.all('SELECT line_id, "on", open, free FROM line_day WHERE "on" = ANY(:days)', days=DAYS)
        stored = {(row.line_id, row.on): (_ticks(row.open), _ticks(row.free)) for row in rows}
        for on in DAYS:
            free = self.model.free(on)
            for line in LINES:
                assert stored[line, on] == (self.model.opened(line, on), free[line]), (line, on)

    def _compare_locks(self):
        """The second lock holds each room of each live visit and kept place, and nothing else."""
        rows = self.desk.all('SELECT line_id, "on", first_tick, ticks FROM companion_claim')
        live = [(visit.on, (*visit.runs(),)) for visit in self.model.visits.values() if visit.live]
        live += [(one.on, one.runs) for one in self.model.kept.values()]
        rooms = [(line, on, run[0], len(run)) for on, runs in live for line, run in runs if not line.startswith("desk")]
        assert sorted(tuple(row) for row in rows) == sorted(rooms)

    def _compare_facts(self, told, rows):
        facts = self.desk.all("SELECT id, type, aggregate_id, version FROM outbox WHERE id > :seen ORDER BY id",
                              seen=self.heard)  # fmt: skip
        self.heard = facts[-1].id if facts else self.heard
        by_visit: dict[str, list[str]] = {}
        for fact in facts:
            self.told[str(fact.aggregate_id)] += 1
            assert fact.version == self.told[str(fact.aggregate_id)], fact
            by_visit.setdefault(str(fact.aggregate_id), []).append(fact.type.removeprefix("nl.afspraken."))
        for row in rows:
            assert row.version == self.told[str(row.id)], row.id
        if told is not None:
            expected = {visit_id: [KINDS[deed] for deed in deeds] for visit_id, deeds in dict(told).items()}
            assert {i: kinds for i, kinds in by_visit.items() if i in self.model.visits} == expected


def _ticks(written):
    return {tick for tick, sign in enumerate(written) if sign == "1"}


def _kept(row):
    runs = [(row.line_id, range(row.first_tick, row.first_tick + row.ticks))]
    for claim in row.claims:
        first = row.first_tick + claim["offset"]
        runs.append((claim["line_id"], range(first, first + claim["ticks"])))
    return Kept(str(row.id), row.kept_for, row.on, tuple(runs))
