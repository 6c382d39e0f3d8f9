"""Ages and days when a birth is known in part only; a rule then takes the safe side."""

from datetime import date

from services.civil_registry.domain.person import PartialDate


def age_on(born_on: date, day: date) -> int:
    """Return how many birthdays somebody had by a day. Who was born on 29 February has it on 1 March else."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def is_of_age(born: PartialDate, day: date, years: int) -> bool | None:
    """Say whether somebody has an age on a day; None when what is known of his birth does not tell."""
    if born.earliest_on is None or born.latest_on is None:
        return None
    if age_on(born.latest_on, day) >= years:
        return True
    return None if age_on(born.earliest_on, day) >= years else False


def same_day(partial: PartialDate, day: date) -> bool | None:
    """Say whether it is this day; None when it may be, as far as it is known."""
    if partial.day_on is not None:
        return partial.day_on == day
    return False if partial.certainly_before(day) or partial.certainly_after(day) else None
