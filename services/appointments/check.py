"""`python -m services.appointments.check [--repair]`: says whether free ticks, openings, visits and locks agree.

Exits 1 when they do not. With `--repair` it then makes the second lock and the free ticks what openings and visits say,
each line's day under its lock, and exits 0 when all agree after that. Visits are never touched.
"""

import sys

from services.appointments import queries
from services.appointments.settings import SERVICE
from services.appointments.storage import consistency, repairing
from services.appointments.storage.appointments import SecondLock
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions, engine
from services.messaging.log import configure
from services.messaging.settings import database_url


def report(transactions: Transactions) -> bool:
    """Print every difference, in both directions, and the visits outside openings; return whether all is well."""
    with transactions.reading() as reading:
        found = queries.capacity_drift(reading)
    for drift in found["drifts"]:
        print(f"{drift['on']} {drift['line_id']}: {drift['lost_ticks']} ticks lost, {drift['doubled_ticks']} doubled")
    for stray in found["outside_openings"]:
        print(f"{stray['on']} {stray['line_id']}: appointment {stray['appointment_id']} lies outside the openings")
    for quota in found["miscounted_quotas"]:
        print(
            f"{quota['on']} {quota['quota_id']}: counted {quota['counted_ticks']}, owned {quota['owned_ticks']} ticks"
        )
    for appointment_id in found["claims_out_of_step"]:
        print(f"appointment {appointment_id}: the second lock does not hold what it has besides its counter")
    wrong = bool(found["drifts"] or found["miscounted_quotas"] or found["claims_out_of_step"])
    if not wrong:
        print("Capacity is consistent: no tick is lost and none is doubled.")
    return not wrong


def repair(transactions: Transactions) -> None:
    """Rebuild the second lock of every visit and the free ticks of every line's day that differ, one by one."""
    with transactions.reading() as reading:
        out_of_step = consistency.claims_out_of_step(reading)
    for appointment_id in out_of_step:
        try:
            with transactions.work() as work:
                repairing.rebuild_claims(work, appointment_id)
        except SecondLock:
            print(f"appointment {appointment_id}: another visit has the same room or device; find it another time")
    with transactions.reading() as reading:
        drifts = consistency.drift(reading)
    for drift in drifts:
        with transactions.work() as work:
            mended = repairing.rebuild_free(work, drift.line_id, on=drift.on)
        lost, doubled = mended.lost.bit_count(), mended.doubled.bit_count()
        print(f"{drift.on} {drift.line_id}: repaired, {lost} ticks given back, {doubled} taken")


def main(*, mend: bool) -> int:
    """Report, and repair when asked; return the exit code."""
    pool = engine(database_url(SERVICE), pool_size=1)
    transactions = Transactions(pool, SystemClock(), source=SERVICE)
    well = report(transactions)
    if mend and not well:
        repair(transactions)
        well = report(transactions)
    pool.dispose()
    return 0 if well else 1


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--repair"]):
        raise SystemExit("Usage: python -m services.appointments.check [--repair]")
    configure(service=SERVICE, process="check", level="warning")
    sys.exit(main(mend="--repair" in sys.argv))
