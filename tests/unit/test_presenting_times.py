"""One formatter of days, times and money for pages, mails and calendars."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.presenting import times
from services.presenting.links import book_link, grouped_reference, manage_link
from services.presenting.money import fees, money
from services.presenting.zones import is_zone, zones

THURSDAY = datetime(2026, 12, 3, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "full", "short"),
    [
        ("nl", "donderdag 3 december 2026, 14:20 uur", "do 3 dec, 14:20 uur"),
        ("en", "Thursday 3 December 2026, 14:20", "Thu 3 Dec, 14:20"),
        ("de", "Donnerstag, 3. Dezember 2026, 14:20 Uhr", "Do. 3. Dez., 14:20 Uhr"),
    ],
)
def test_a_moment_reads_as_people_of_that_language_write_it(language, full, short):
    assert times.day_and_time(THURSDAY, language) == full
    assert times.short_day_and_time(THURSDAY, language) == short


def test_a_bare_day_is_already_a_day_in_enschede():
    assert times.day(date(2026, 12, 3), "nl") == "donderdag 3 december 2026"
    assert times.day_without_year(date(2026, 12, 3), "en") == "Thursday 3 December"
    assert times.month(date(2026, 12, 3), "nl") == "december 2026"


def test_late_in_the_evening_in_utc_is_the_next_day_in_enschede():
    assert times.day(datetime(2026, 12, 2, 23, 30, tzinfo=UTC), "nl") == "donderdag 3 december 2026"


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        times.day_and_time(datetime(2026, 12, 3, 14, 20), "nl")


def test_somebody_in_toronto_reads_his_own_time():
    assert times.time_there(THURSDAY, "America/Toronto", "nl") == "Bij u in Toronto is het dan 08:20 uur."
    assert times.time_there(THURSDAY, "America/Toronto", "en") == "For you in Toronto that is 08:20."


def test_somebody_in_auckland_reads_that_it_is_the_next_day_there():
    expected = "Bij u in Auckland is het dan vrijdag 4 december, 02:20 uur."
    assert times.time_there(THURSDAY, "Pacific/Auckland", "nl") == expected


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "Europe/Berlin", "Nowhere/Land", "../../etc/passwd", "", "\0"])
def test_who_has_enschedes_time_or_an_unknown_zone_reads_no_second_time(zone):
    assert times.time_there(THURSDAY, zone, "nl") is None


def test_the_hour_that_comes_twice_in_autumn_says_which_one_it_is():
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert times.bare_time(first) == "02:30 (UTC+2)"
    assert times.bare_time(first + timedelta(hours=1)) == "02:30 (UTC+1)"
    assert times.bare_time(first + timedelta(hours=2)) == "03:30"


def test_after_the_hour_that_spring_skips_the_clock_shows_three():
    assert times.bare_time(datetime(2026, 3, 29, 1, 0, tzinfo=UTC)) == "03:00"


def test_lengths_are_said_in_hours_and_minutes():
    assert times.duration(80, "nl") == "1 uur en 20 minuten"
    assert times.duration(1, "en") == "1 minute"
    assert times.duration(120, "de") == "2 Stunden"


def test_a_week_begins_on_monday():
    assert times.weekdays("nl")[0] == ("ma", "maandag")
    assert times.weekdays("de")[6] == ("So", "Sonntag")


@pytest.mark.parametrize("language", ["nl", "en", "de"])
def test_every_zone_to_choose_from_is_known_and_named_once(language):
    listed = zones(language)
    assert listed[0].name == "Europe/Amsterdam"
    assert len({zone.name for zone in listed}) == len({zone.label for zone in listed}) == len(listed) > 300
    assert all(is_zone(zone.name) and times.time_there(THURSDAY, zone.name, language) != "" for zone in listed)


def test_zone_names_are_translated():
    assert "Belgien, Brüssel" in {zone.label for zone in zones("de")}


def test_money_is_written_with_a_space_that_never_breaks():
    assert money(8387, "nl") == "€\u00a083,87"
    assert money(123456, "nl") == "€\u00a01.234,56"
    assert money(8387, "en") == "€83.87"
    assert money(8387, "de") == "83,87\u00a0€"
    assert [money(0, language) for language in ("nl", "en", "de")] == ["gratis", "free", "kostenlos"]


def test_fees_say_for_whom_they_are():
    told = [{"applies_to": "adult", "cents": 8387}, {"applies_to": "child", "cents": 6342}]
    assert fees(told, "nl") == ["€\u00a083,87 (18 jaar of ouder)", "€\u00a063,42 (jonger dan 18 jaar)"]
    assert fees([], "nl") == ["gratis"]


def test_the_secret_link_opens_a_page_in_a_language_that_has_pages():
    assert manage_link("https://a.nl/", "nl", "K7Q2-MXD4", "s3") == "https://a.nl/nl/a/K7Q2MXD4/s3"
    assert manage_link("https://a.nl", "de", "k7q2mxd4", "s/3") == "https://a.nl/en/a/K7Q2MXD4/s%2F3"
    assert (book_link("https://a.nl", "nl"), book_link("https://a.nl", "de")) == ("https://a.nl/", "https://a.nl/en")
    assert grouped_reference("K7Q2MXD4") == grouped_reference("K7Q2-MXD4") == "K7Q2-MXD4"
