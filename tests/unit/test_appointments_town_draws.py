"""What a town may write about draws, and what is refused in plain words."""

import shutil
from datetime import date, time
from pathlib import Path

import pytest
import yaml

from services.appointments.domain.draw_rules import DrawRule, Every, Moment
from services.appointments.domain.policy import read_policy
from services.appointments.town_files import TownFilesError, read_town

DEMO = Path(__file__).parents[2] / "deploy" / "demo" / "enschede"
OPENS, CLOSES, DRAWS = ({"days_ahead": days, "at": "12:00"} for days in (56, 43, 42))


@pytest.fixture
def policy_of(tmp_path):
    """`policy_of([rule, ...])` returns how free weddings are given out when the files hold these rules."""
    shutil.copytree(DEMO, tmp_path / "town")
    file = tmp_path / "town" / "products.yaml"
    content = yaml.safe_load(file.read_text())
    wedding = next(product for product in content["products"] if product["id"] == "free-wedding")

    def read(rules, policy=None, **product):
        wedding["policy"] = {"draw": rules} | (policy or {})
        wedding.update(product)
        file.write_text(yaml.safe_dump(content))
        town = read_town(tmp_path / "town")
        return read_policy(next(row for row in town.products if row["id"] == "free-wedding")["policy"])

    return read


def rule(**changes):
    told = {"every": "week", "opens": OPENS, "closes": CLOSES, "draws": DRAWS, "valid_from": date(2026, 1, 1)}
    return told | changes


def moment(days, at="12:00"):
    return {"days_ahead": days, "at": at}


def test_free_weddings_of_enschede_are_drawn_six_weeks_ahead():
    town = read_town(DEMO)
    wedding = next(row for row in town.products if row["id"] == "free-wedding")
    [drawn] = read_policy(wedding["policy"]).draws
    assert (drawn.every, drawn.draws, drawn.most_places) == (Every.WEEK, Moment(42, time(12)), None)


def test_nobody_draws_unless_the_files_say_so():
    town = read_town(DEMO)
    assert {row["id"] for row in town.products if read_policy(row["policy"]).draws} == {"free-wedding"}


def test_a_rule_is_read_as_it_is_written(policy_of):
    [read] = policy_of([rule(weekdays=["fri", "mon"], most_places=3, valid_until=date(2026, 12, 31))]).draws
    assert read == DrawRule(
        every=Every.WEEK,
        weekdays=frozenset({0, 4}),
        opens=Moment(56, time(12)),
        closes=Moment(43, time(12)),
        draws=Moment(42, time(12)),
        most_places=3,
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 12, 31),
    )


def test_one_rule_may_follow_another(policy_of):
    old = rule(valid_until=date(2026, 12, 27))
    new = rule(every="month", valid_from=date(2027, 1, 1))
    assert [read.every for read in policy_of([new, old]).draws] == [Every.MONTH, Every.WEEK]


@pytest.mark.parametrize(
    ("rules", "error"),
    [
        ([rule(closes=moment(55))], "open for at least 25 hours"),
        ([rule(opens=moment(43, "10:00"), closes=moment(42, "10:30"))], "open for at least 25 hours"),
        ([rule(closes=moment(41))], "close before lots are drawn"),
        ([rule(closes=moment(1), draws=moment(0, "08:00"))], "before the first day of the batch begins"),
        ([rule(opens=moment(56, "02:30"))], "outside 01:00 to 04:00"),
        ([rule(opens=moment(56, "24:00"))], "Write midnight as '00:00'"),
        ([rule(opens=moment(56, "12:03"))], "on a five-minute mark"),
        ([rule(opens=moment(200))], "Must be greater than or equal to 0 and less than or equal to 150"),
        ([rule(every="day")], "Must be one of: week, month"),
        ([rule(weekdays=[])], "Shorter than minimum length 1"),
        ([rule(most_places=0)], "Must be greater than or equal to 1"),
        ([rule(valid_until=date(2025, 1, 1))], "valid_from must not come after valid_until"),
        (
            [rule(), rule(valid_from=date(2027, 1, 1))],
            "hold at the same time, from 2027-01-01 on",
        ),
        (
            [rule(valid_until=date(2026, 12, 30)), rule(every="month", valid_from=date(2027, 1, 1))],
            "Two rules of the draw hold at the same time",  # the last week lasts until 3 January
        ),
        ([{"every": "week"}], "policy.draw.0.opens: Missing data for required field"),
    ],
)
def test_what_cannot_be_is_refused_with_the_cure(policy_of, rules, error):
    with pytest.raises(TownFilesError) as refused:
        policy_of(rules)
    assert any(error in line for line in refused.value.errors), refused.value.errors
    assert all(line.startswith("products.yaml: products.") for line in refused.value.errors)


def test_a_drawn_place_is_always_for_one_person(policy_of):
    assert policy_of([rule()]).bound
    assert policy_of([rule()], {"bound": True}).bound
    with pytest.raises(TownFilesError, match="A drawn place is for one person: leave out bound"):
        policy_of([rule()], {"bound": False})


def test_what_needs_a_room_besides_its_counter_cannot_be_drawn(policy_of):
    with pytest.raises(TownFilesError, match="A draw gives out counters only: leave out also"):
        policy_of([rule()], also=[{"kind": "room", "skills": ["quiet"]}])


def test_lots_are_not_drawn_for_days_that_nobody_may_book_yet(policy_of):
    policy_of([rule()], horizon_days=49)
    with pytest.raises(TownFilesError) as refused:
        policy_of([rule()], horizon_days=48)
    assert refused.value.errors == ["products.yaml: products.8: Lots are drawn for days beyond horizon_days."]
