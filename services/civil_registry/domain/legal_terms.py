"""The terms of civil status, each as long as the law in force on the day of the fact makes it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from services.civil_registry.domain.local_time import end_of_day, latest_instant
from services.civil_registry.domain.terms import IsWorkingDay, Length, hours_after, last_day, plain_end


class TermName(StrEnum):
    """Which term of the law a length is of."""

    BIRTH_DECLARATION = "birth-declaration"
    FUNERAL_EARLIEST = "funeral-earliest"
    FUNERAL_LATEST = "funeral-latest"
    DISSECTION_DECISION = "dissection-decision"
    MARRIAGE_WAIT = "marriage-wait"
    MARRIAGE_NOTICE = "marriage-notice"
    CAPACITY_CERTIFICATE = "capacity-certificate"
    SEX_UNDETERMINED = "sex-undetermined"
    COURT_ORDER_FINAL = "court-order-final"
    LEGAL_REMEDY = "legal-remedy"


@dataclass(frozen=True, slots=True)
class DatedLength:
    """How long a term is for facts from one day on (`valid_until`: last day)."""

    name: TermName
    length: Length
    source: str
    valid_from: date
    valid_until: date | None


class LegalTerms:
    """Counts every term of civil status. Which length counts follows from the day of the fact that begins the term.

    For a fact of before the first length that is known, the first one counts.
    """

    def __init__(self, lengths: Iterable[DatedLength], is_working_day: IsWorkingDay) -> None:
        self.is_working_day = is_working_day
        self._lengths: dict[TermName, list[DatedLength]] = {name: [] for name in TermName}
        for dated in sorted(lengths, key=lambda dated: dated.valid_from):
            self._lengths[dated.name].append(dated)

    def length(self, name: TermName, fact_on: date) -> Length:
        """Return how long a term is that begins with a fact of a day."""
        known = self._lengths[name]
        in_force = [dated for dated in known if dated.valid_from <= fact_on]
        return (in_force[-1] if in_force else known[0]).length

    def declare_birth_by(self, born_on: date) -> date:
        """Return the last day on which a birth may be declared (*aangiftetermijn*): within three days after it.

        Source: BW 1:19e lid 7; Algemene termijnenwet art. 1 lid 1 and art. 2.
        """
        return self._last_day(TermName.BIRTH_DECLARATION, born_on)

    def funeral_from(self, died_on: date, died_at: time | None) -> datetime:
        """Return the first instant for burial or cremation (*lijkbezorging*), 36 hours after the death, in UTC.

        An unknown time of death counts as the end of the day; in the night that an hour comes twice the second one
        counts. Both are the safe side.

        Raises: TimeDoesNotExist.
        Source: Wet op de lijkbezorging art. 16; earlier only under art. 17.
        """
        began = end_of_day(died_on) if died_at is None else latest_instant(died_on, died_at)
        return hours_after(began, self.length(TermName.FUNERAL_EARLIEST, died_on).number)

    def funeral_by(self, died_on: date) -> date:
        """Return the last day for burial or cremation (*lijkbezorging*): the sixth working day after the death.

        Source: Wet op de lijkbezorging art. 16; another term may be set under art. 17.
        """
        return self._last_day(TermName.FUNERAL_LATEST, died_on)

    def decide_dissection_by(self, asked_on: date) -> date:
        """Return by when the mayor decides on a body that goes to science (*verlof tot ontleding*).

        Source: Wet op de lijkbezorging art. 68 lid 1; Algemene termijnenwet art. 1 lid 1 and art. 2.
        """
        return self._last_day(TermName.DISSECTION_DECISION, asked_on)

    def marry_from(self, complete_on: date) -> date:
        """Return the first day for a wedding (*huwelijksvoltrekking*): the fourteenth day after the complete notice.

        Weekends do not matter: the term ends when the wedding may begin, nothing has to be done by then.

        Source: BW 1:62 lid 1 (the public prosecutor may exempt).
        """
        return plain_end(complete_on, self.length(TermName.MARRIAGE_WAIT, complete_on))

    def marry_by(self, complete_on: date) -> date:
        """Return the last day for a wedding on one notice (*melding*), which lapses after one year.

        A notice of 29 February lasts until 28 February. A term in years is never stretched.

        Source: BW 1:46; Algemene termijnenwet art. 4.
        """
        return self._last_day(TermName.MARRIAGE_NOTICE, complete_on)

    def capacity_certificate_until(self, issued_on: date) -> date:
        """Return the last day of a certificate of capacity to marry abroad (*verklaring van huwelijksbevoegdheid*).

        Source: BW 1:49a lid 4.
        """
        return self._last_day(TermName.CAPACITY_CERTIFICATE, issued_on)

    def new_birth_deed_by(self, born_on: date) -> date:
        """Return by when a new deed is made of a birth whose deed leaves the sex open.

        Source: BW 1:19d lid 2.
        """
        return self._last_day(TermName.SEX_UNDETERMINED, born_on)

    def mention_court_order_from(self, given_on: date) -> date:
        """Return the first day on which a court order of a day may be mentioned on a deed (*latere vermelding*).

        Nothing has to be done by then, so that weekends do not matter. A divorce is mentioned once it is final,
        which this term does not tell.

        Source: BW 1:20 lid 1, 1:20e lid 1.
        """
        return plain_end(given_on, self.length(TermName.COURT_ORDER_FINAL, given_on))

    def go_to_court_by(self, refused_on: date) -> date:
        """Return the last day for a request to the court against a refusal that was sent on a day.

        Source: BW 1:27.
        """
        return self._last_day(TermName.LEGAL_REMEDY, refused_on)

    def _last_day(self, name: TermName, fact_on: date) -> date:
        return last_day(fact_on, self.length(name, fact_on), self.is_working_day)
