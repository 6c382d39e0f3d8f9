"""A proof of work before a hold, at a busy moment: it costs a visitor a second, and a robot a second for each time.

ALTCHA version 2 (PBKDF2): no cookie, no third party, no puzzle for people (WCAG 2.2, 3.3.8). A challenge is signed,
lives ten minutes, and is good for one hold of one visit. Instead a visitor may type a code that is mailed to him, or
wait half a minute, which few may; neither needs JavaScript.

What was used is remembered by one process, of bounded number: with several, a solution counts once in each.
"""

import threading
from base64 import b64encode, urlsafe_b64encode
from collections import deque
from collections.abc import Mapping
from json import dumps, loads
from typing import Any

from altcha import Payload, create_challenge, verify_solution
from cachetools import TTLCache
from cryptography.fernet import Fernet, InvalidToken

from gateway.limits import let_waited_through
from gateway.settings import GatewaySettings
from services.messaging.clock import Clock
from services.messaging.keys import derive_key

WAIT_SECONDS = 30
_VALID_SECONDS = 600
_BUSY_SECONDS = 60
_REMEMBERED = 100_000
_ALGORITHM = "PBKDF2/SHA-256"
_BY_MAIL = "mail."


class Challenged(Exception):
    """A proof of work comes first. `ticket` is what a visitor without JavaScript sends after he has waited."""

    def __init__(self, challenge: dict[str, Any]) -> None:
        super().__init__("challenge required")
        self.challenge = challenge
        unsolved = {"challenge": challenge, "solution": {"counter": -1, "derivedKey": ""}}
        self.ticket = b64encode(dumps(unsolved).encode()).decode()


class CodeWanted(Exception):
    """A code by mail comes first: the town asks so for this product."""


class Challenger:
    """Decides when a proof is wanted, makes challenges and checks solutions. One per app."""

    def __init__(self, settings: GatewaySettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._key = derive_key(settings.secret_key.reveal(), "challenges")
        self._fernet = Fernet(urlsafe_b64encode(derive_key(settings.secret_key.reveal(), "code-passes")))
        self._lock = threading.Lock()
        self._holds: deque[float] = deque(maxlen=settings.challenge_holds)
        self._used: TTLCache[str, str] = TTLCache(_REMEMBERED, _VALID_SECONDS, timer=self._now)

    def wants_proof(self, *, scarce: bool) -> bool:
        """Say whether a hold, of a scarce product or not, needs a proof of work; and count it."""
        now = self._now()
        with self._lock:
            busy = len(self._holds) == self._holds.maxlen and now - self._holds[0] <= _BUSY_SECONDS
            self._holds.append(now)
        return self._settings.challenge == "always" or (self._settings.challenge == "busy" and busy and scarce)

    def challenge(self, wish: Mapping[str, Any]) -> dict[str, Any]:
        """Return a new challenge for a visit."""
        now = int(self._now())
        made = create_challenge(
            _ALGORITHM,
            self._settings.challenge_cost,
            data={"visit": _visit(wish), "made": now},
            hmac_secret=self._key,
        )
        return made.to_dict()

    def take(self, sent: str, wish: Mapping[str, Any], key: str) -> str | None:
        """Return the mark of a proof that is now used for this hold, or None when it is none.

        A repeat of the same hold (`key`) may use it again; its mark is empty.

        Raises: Challenged (it has not been solved, and too little time has passed).
        """
        proof = _read(sent)
        checked = verify_solution(sent, self._key)
        if proof is None or checked.error or checked.invalid_signature is not False:
            return None
        parameters = proof.challenge.parameters
        said = parameters.data or {}
        age = self._now() - said.get("made", 0)
        if said.get("visit") != _visit(wish) or not 0 <= age <= _VALID_SECONDS:
            return None
        unknown = parameters.nonce not in self._used
        if not checked.verified and unknown and (age < WAIT_SECONDS or not let_waited_through()):
            raise Challenged(proof.challenge.to_dict())
        return self._use(parameters.nonce, key)

    def pass_for(self, code_id: str) -> str:
        """Return the proof of somebody who typed the code that was mailed to him."""
        said = {"code": code_id, "made": int(self._now())}
        return _BY_MAIL + self._fernet.encrypt(dumps(said).encode()).decode()

    def take_by_mail(self, sent: str, key: str) -> str | None:
        """Return the mark of a proof by mail that is now used for this hold, or None when it is none."""
        if not sent.startswith(_BY_MAIL):
            return None
        try:
            said = loads(self._fernet.decrypt(sent.removeprefix(_BY_MAIL).encode(errors="replace")))
        except InvalidToken:
            return None
        return self._use(said["code"], key) if self._now() - said["made"] <= _VALID_SECONDS else None

    def _use(self, mark: str, key: str) -> str | None:
        """Remember that a proof is used; of two at once with one proof the first has it.

        A repeat by the same key passes without a mark, so that its refusal cannot give back what another hold used.
        """
        with self._lock:
            if mark in self._used:
                return "" if key and self._used[mark] == key else None
            self._used[mark] = key
            return mark

    def give_back(self, mark: str) -> None:
        """Let a proof be used again: the hold was refused."""
        with self._lock:
            self._used.pop(mark, None)

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _visit(wish: Mapping[str, Any]) -> str:
    return f"{wish['location_id']}:{','.join(sorted(part['product_id'] for part in wish['products']))}"


def _read(sent: str) -> Payload | None:
    try:
        return Payload.from_base64(sent)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
