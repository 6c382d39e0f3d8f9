"""`python -m services.appointments.check`: says whether free ticks, openings and visits agree; exits 1 when not."""

import sys

from services.appointments import queries
from services.appointments.settings import SERVICE
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions, engine
from services.messaging.log import configure
from services.messaging.settings import database_url


def main() -> int:
    """Print every difference; return the exit code."""
    pool = engine(database_url(SERVICE), pool_size=1)
    with Transactions(pool, SystemClock(), source=SERVICE).reading() as reading:
        found = queries.capacity_drift(reading)
    pool.dispose()
    for drift in found["drifts"]:
        print(f"{drift['on']} {drift['line_id']}: {drift['lost_ticks']} ticks lost, {drift['doubled_ticks']} doubled")
    for stray in found["outside_openings"]:
        print(f"{stray['on']} {stray['line_id']}: appointment {stray['appointment_id']} lies outside the openings")
    for quota in found["miscounted_quotas"]:
        print(
            f"{quota['on']} {quota['quota_id']}: counted {quota['counted_ticks']}, owned {quota['owned_ticks']} ticks"
        )
    wrong = bool(found["drifts"] or found["miscounted_quotas"])
    if not wrong:
        print("Capacity is consistent: no tick is lost and none is doubled.")
    return 1 if wrong else 0


if __name__ == "__main__":
    configure(service=SERVICE, process="check", level="warning")
    sys.exit(main())
