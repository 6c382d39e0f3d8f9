"""Where and when: a couple's wish, with the fourteen days and the year told at once; the day that they fix or move."""

import pytest

from tests.pages_double import StillClock
from tests.registry_double import Declarant, logs_in, make_registry_app
from tests.wedding_double import FIRST, SECOND, WeddingDouble, whole_notice

CEREMONY = whole_notice()["ceremony"]


@pytest.fixture
def double():
    return WeddingDouble(StillClock())


@pytest.fixture
def app(double, tmp_path):
    made = make_registry_app(double, double.clock, folder=tmp_path)
    logs_in(made, FIRST)
    return made


@pytest.fixture
def bram(app):
    return Declarant(app)


def fields(source):
    """Return the last form of a page: that with the times."""
    return source[source.rindex('id="times"') :]


def picks(visitor, here, **chosen):
    """Send the form with the times, as a browser would."""
    form = visitor.standing_in(here)
    on = visitor.source.split('name="day" value="')[1][:10]
    sent = {name: form[name] for name in ("csrf_token", "session_token", "version", "place")}
    sent |= {"day": on, "officer": "anybody"} | chosen
    visitor.page = visitor.client.post(here, data=sent, follow_redirects=True)
    return visitor


def looks(visitor, here, day):
    """Type a day, as `31-12-2026`, and ask for its times."""
    parts = zip(("day", "month", "year"), day.split("-"), strict=True)
    return visitor.fills_in(here, look="1", **{f"wanted-{part}": value for part, value in parts})


def without_day(double, **content):
    return double.has("marriage", FIRST, content={"partner_1": whole_notice()["partner_1"]} | content)


def test_the_first_and_the_last_day_are_told_before_a_day_is_chosen(double, bram):
    record = without_day(double)
    bram.goes_to(f"/trouwen/{record['record_id']}/dag")
    assert "van maandag 7 december 2026 tot en met dinsdag 23 november 2027" in bram.text
    assert "Kies dus niet de allereerste dag" in bram.text
    assert "Trouwzaal Stadhuis" in bram.text and "zes getuigen" in bram.text


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("6-12-2026", "Deze dag is te vroeg. De eerste dag is maandag 7 december 2026"),
        ("24-11-2027", "Deze dag is te laat. De laatste dag is dinsdag 23 november 2027"),
        ("31-2-2027", "vul een dag in die bestaat"),
    ],
)
def test_a_day_that_cannot_be_is_told_at_once_and_stays_in_the_field(double, bram, day, says):
    record = without_day(double)
    here = f"/trouwen/{record['record_id']}/dag"
    looks(bram.goes_to(here), here, day)
    assert bram.page.status_code == 422 and says in bram.text
    assert f'id="wanted-day" name="wanted-day" value="{day.split("-")[0]}"' in bram.source


def test_a_typed_day_leads_to_its_times_and_a_time_is_kept(double, bram):
    record = without_day(double)
    here = f"/trouwen/{record['record_id']}/dag"
    looks(bram.goes_to(here), here, "12-3-2027")
    assert bram.path == f"{here}?dag=2027-03-12&locatie=stadhuis" or "dag=2027-03-12" in bram.path
    assert "Tijden op vrijdag 12 maart" in bram.text and "gratis" in fields(bram.source)
    picks(bram, here, time="11:00", officer="babs-1")
    assert record["content"]["ceremony"] == {
        "on": "2027-03-12", "time": "11:00", "room_id": "stadhuis", "officer_id": "babs-1",
    }  # fmt: skip
    assert bram.path.endswith("/getuigen")


def test_another_place_keeps_the_day(double, bram):
    record = without_day(double)
    bram.goes_to(f"/trouwen/{record['record_id']}/dag?dag=2026-12-18&locatie=ziekenhuis")
    assert 'name="place" value="ziekenhuis"' in bram.source and 'name="day" value="2026-12-18"' in bram.source


def test_other_months_can_be_looked_at_and_none_outside_the_year(double, bram):
    record = without_day(double)
    here = f"/trouwen/{record['record_id']}/dag"
    bram.goes_to(f"{here}?maand=2027-11")
    assert "November 2027" in bram.text and "December 2027" not in bram.text
    for odd in ("2031-01", "1999-01", "9999-12", "nonsense"):
        assert bram.goes_to(f"{here}?maand={odd}").page.status_code == 200


@pytest.mark.parametrize("odd", ["dag=9999-12-31", "dag=0001-01-01", "dag=x", "locatie=nergens", "dag=2026-11-24"])
def test_odd_addresses_show_the_page_without_times(double, bram, odd):
    record = without_day(double)
    bram.goes_to(f"/trouwen/{record['record_id']}/dag?{odd}")
    assert bram.page.status_code == 200 and 'name="time"' not in bram.source


def test_without_a_time_the_page_asks_for_one(double, bram):
    record = without_day(double)
    here = f"/trouwen/{record['record_id']}/dag"
    picks(bram.goes_to(f"{here}?dag=2026-12-18"), here)
    assert bram.page.status_code == 422 and "Kies een tijd" in bram.text
    assert 'href="#time-11:00"' in bram.source and 'id="time-11:00"' in bram.source


def test_a_time_that_went_meanwhile_is_no_choice_any_more(double, bram):
    record = without_day(double)
    here = f"/trouwen/{record['record_id']}/dag"
    bram.goes_to(f"{here}?dag=2026-12-18")
    double.times = ()
    picks(bram, here, time="14:00")
    assert bram.page.status_code == 422 and "ceremony" not in record["content"]
    assert "Kies een andere dag" in bram.text


def test_the_wish_is_shown_again(double, bram):
    record = double.has("marriage", FIRST, content=whole_notice())
    bram.goes_to(f"/trouwen/{record['record_id']}/dag")
    assert 'name="day" value="2026-12-18"' in bram.source and 'value="14:00" id="time-14:00" checked' in bram.source


# --- once the notice was accepted


@pytest.mark.parametrize("who", [FIRST, SECOND])
def test_either_partner_fixes_the_day_of_an_accepted_notice(app, double, bram, who):
    record = double.has("marriage", FIRST, "accepted", content=whole_notice())
    logs_in(app, who)
    here = f"/trouwen/{record['record_id']}/dag"
    bram.goes_to(f"/mijn-zaken/{record['record_id']}")
    assert f'href="{here}"' in bram.source and "Leg de dag vast" in bram.text
    picks(bram.goes_to(here), here, time="14:00")
    (sent,) = double.called("act")
    assert (sent["command"], sent["particulars"]) == ("schedule", {"ceremony": CEREMONY})
    assert record["status"] == "scheduled" and "Dag, tijd en plaats staan vast" in bram.text


def test_the_same_press_twice_fixes_the_day_once(double, bram):
    record = double.has("marriage", FIRST, "accepted", content=whole_notice())
    here = f"/trouwen/{record['record_id']}/dag"
    bram.goes_to(here)
    key = bram.source.rsplit('name="key" value="', 1)[1].split('"')[0]
    page = bram.page
    for _ in range(2):
        bram.page = page
        picks(bram, here, time="14:00", key=key)
    assert len({call[2] for call in double.calls if call[1].get("command") == "schedule"}) == 1


@pytest.mark.parametrize("code", ["room-not-free", "marriage-too-soon", "ceremony-too-near"])
def test_a_day_that_the_registry_refuses_is_told_at_the_times(double, bram, code):
    record = double.has("marriage", FIRST, "scheduled", content=whole_notice(), due_on="2026-12-18")
    here = f"/trouwen/{record['record_id']}/dag"
    bram.goes_to(here)
    assert "Verzet naar deze dag" in bram.text
    double.refuse["act:schedule"] = code
    picks(bram, here, time="14:00")
    assert bram.page.status_code == 422
    assert 'href="#times"' in bram.source and 'id="time-error"' in bram.source


def test_who_moves_a_day_that_the_other_one_moved_meanwhile_is_told(double, bram):
    record = double.has("marriage", FIRST, "scheduled", content=whole_notice(), due_on="2026-12-18")
    here = f"/trouwen/{record['record_id']}/dag"
    bram.goes_to(here)
    record["version"] += 1
    picks(bram, here, time="14:00")
    assert bram.page.status_code == 409 and "Er is intussen iets veranderd" in bram.text
    bram.fills_in(here)
    assert "Dag, tijd en plaats staan vast" in bram.text
