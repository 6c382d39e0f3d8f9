"""`python -m services.appointments.exempt ADDRESS-OR-NUMBER`: prints the entry for `exempt.yaml`.

Who books for many others, such as a social worker, may be exempt from the limit per e-mail address and phone number.
The file holds digests only; they are good for the installation whose `BALIE_SECRET_KEY` made them.
"""

import sys

from services.appointments.people import People
from services.messaging.settings import Environment


def entry(people: People, typed: str) -> str:
    """Return the lines for the file.

    Raises: ValueError (neither a mail address nor a phone number).
    """
    digest = people.email(typed) if "@" in typed else people.phone(typed)
    if digest is None:
        raise ValueError(typed)
    return f"  - digest: {digest.hex()}\n    note: fill in who it is, such as a team; no name"


def main(arguments: list[str]) -> None:
    """Print the entry of one address or number."""
    if len(arguments) != 1:
        raise SystemExit("Usage: python -m services.appointments.exempt ADDRESS-OR-NUMBER")
    try:
        print(entry(People.of(Environment().secret("BALIE_SECRET_KEY")), arguments[0]))
    except ValueError:
        raise SystemExit("This is neither a mail address nor a phone number.") from None


if __name__ == "__main__":
    main(sys.argv[1:])
