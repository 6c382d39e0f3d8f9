"""The three groups of pages; views attach themselves to one of them."""

from flask import Blueprint

from gateway.limits import reads

booking = Blueprint("booking", __name__)
managing = Blueprint("managing", __name__)
about = Blueprint("about", __name__)

ALL = (booking, managing, about)

for looked_at in (booking, managing):
    reads.guard(looked_at)
