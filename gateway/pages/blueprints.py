"""The groups of pages; views attach themselves to one of them."""

from flask import Blueprint

from gateway.limits import reads

booking = Blueprint("booking", __name__)
managing = Blueprint("managing", __name__)
about = Blueprint("about", __name__)
logging_in = Blueprint("logging_in", __name__)
cases = Blueprint("cases", __name__)
births = Blueprint("births", __name__)
care = Blueprint("care", __name__)
funerals = Blueprint("funerals", __name__)
weddings = Blueprint("weddings", __name__)
desk = Blueprint("desk", __name__)

PERSONAL = (logging_in, cases, births, care, funerals, weddings, desk)
"""Pages that look at who is logged in. All others ask for no session, so that a crowd costs no database."""

ALL = (booking, managing, about, *PERSONAL)

for looked_at in ALL:
    if looked_at not in (about, desk):  # the desk counts per person, not per network: `desk/pace.py`
        reads.guard(looked_at)
