"""What the rules of the CRM say no to."""

from services.messaging.errors import Refusal


class CustomerUnknown(Refusal):
    """Nobody is known by this e-mail address, phone number or id."""

    code = "customer-unknown"

    def __init__(self) -> None:
        super().__init__("Check the e-mail address or phone number; a new appointment appears within a minute.")
