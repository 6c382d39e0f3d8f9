"""What keeps somebody from a page that asks for a log-in, or a log-in from succeeding. Each leads on."""

from dataclasses import dataclass


@dataclass(eq=False)
class LoginTrouble(Exception):
    """Somebody cannot go on as he is. `code` is that of a problem in `gateway/api/problems.py`.

    `logins` are those that would help, `level` what they must reach, `back` where to go on afterwards (empty: nowhere
    in particular), `reason` a word that the page explains.
    """

    code: str
    logins: tuple[str, ...] = ()
    level: str = ""
    back: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        super().__init__(self.code)
