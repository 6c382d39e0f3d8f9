"""How long a mailed code lives, and how often it may be asked and tried."""

from datetime import timedelta

LIVES = timedelta(minutes=15)
"""Long enough for a slow mail server. The address is forgotten with it."""

MOST_ATTEMPTS = 5
"""One in 200,000 guesses right, with a million codes."""

MOST_PER_ADDRESS = 3
"""Codes to one address that live at the same time: nobody floods somebody else's mailbox."""
