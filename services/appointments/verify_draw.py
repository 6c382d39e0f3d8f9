"""`python -m services.appointments.verify_draw FILE`: anybody does a published draw again and compares.

FILE is what `/v1/draws/{id}` answered, saved as it came; `-` reads it from standard input. Checked is: the key is the
one that was promised before requests opened, the order is that of the key, each request got what the algorithm gives
it, and nothing in the file was changed. The digest is printed: compare it with the one that the town shows. With
`--batch ID` the document comes from the town's own database, and is compared with the turns that are stored there.

Exits 0 when all is well, 1 when something is wrong.
"""

import json
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from pathlib import Path
from uuid import UUID

from services.appointments.domain.draw_document import faults
from services.appointments.settings import SERVICE
from services.appointments.storage import draw_requests, draws
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions, engine
from services.messaging.log import configure
from services.messaging.settings import database_url
from services.messaging.work import Reading


def verify(document: bytes, *, digest: str = "") -> list[str]:
    """Return what is wrong with a document; `digest` is the one that was published elsewhere, if it is known."""
    found = faults(document)
    if not found and digest and json.loads(document)["digest"] != digest.lower():
        found.append("The document is sound, but it is not the one with that digest.")
    return found


def verify_stored(reading: Reading, draw_id: UUID) -> list[str]:
    """Return what is wrong with the published document of a draw, or with what the town did with it."""
    document = draws.document_of(reading, draw_id)
    if document is None:
        return ["There is no such draw, or it has not been held."]
    found = verify(document.encode())
    said = {} if found else json.loads(document)["draw"]
    promised = {
        entry["number"]: (turn, entry["place"] is not None) for turn, entry in enumerate(said.get("requests", ()), 1)
    }
    done = draw_requests.turns_of(reading, draw_id)
    if not found and promised != done:
        found.append("The stored turns are not those of the document.")
    return found


def read_arguments(arguments: list[str]) -> Namespace:
    """Return what was typed."""
    parser = ArgumentParser(
        prog="python -m services.appointments.verify_draw",
        description=__doc__,
        formatter_class=RawDescriptionHelpFormatter,
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("file", nargs="?")
    which.add_argument("--batch", type=UUID)
    parser.add_argument("--digest", default="", help="the digest that the town shows")
    return parser.parse_args(arguments)


def main(told: Namespace) -> int:
    """Print what was found, and return the exit code."""
    if told.batch is not None:
        pool = engine(database_url(SERVICE), pool_size=1)
        with Transactions(pool, SystemClock(), source=SERVICE).reading() as reading:
            found = verify_stored(reading, told.batch)
            document = (draws.document_of(reading, told.batch) or "").encode()
        pool.dispose()
    else:
        document = sys.stdin.buffer.read() if told.file == "-" else Path(told.file).read_bytes()
        found = verify(document, digest=told.digest)
    for fault in found:
        print(f"WRONG: {fault}")
    if found:
        return 1
    said = json.loads(document)
    requests = said["draw"]["requests"]
    placed = sum(entry["place"] is not None for entry in requests)
    print(f"The draw is right: {len(requests)} requests, {placed} places given. Digest: {said['digest']}")
    return 0


if __name__ == "__main__":
    configure(service=SERVICE, process="verify", level="warning")
    sys.exit(main(read_arguments(sys.argv[1:])))
