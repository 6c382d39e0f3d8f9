"""What log-in says to people: names of log-ins and levels, and why somebody may not come in."""

from flask import g

from gateway.login.settings import ProviderSettings
from gateway.pages.texts import N_, _

_FOR_WHOM = {
    "resident": N_("For residents"),
    "company": N_("For undertakers and care providers"),
    "staff": N_("For staff of the municipality"),
}

_STAFF_ACCOUNT = N_("your work account")

_LEVELS = {
    "basic": N_("Basic"),
    "two-factor": N_("Middle"),
    "substantial": N_("Substantial"),
    "high": N_("High"),
}

_COMPANY_LEVELS = {"basic": "2", "two-factor": "2+", "substantial": "3", "high": "4"}
"""The names of eHerkenning, the same in every language."""

_CURES = {
    ("resident", "two-factor"): N_("Use the app of DigiD. Or use your password with a text message."),
    ("resident", "substantial"): N_("Use the app of DigiD. Have it check your identity document first (ID check)."),
    ("resident", "high"): N_("Use your identity card or driving licence with the app of DigiD."),
    ("company", ""): N_("Ask the supplier of your means for a higher level."),
    ("staff", ""): N_("Use a second factor, such as an app or a key."),
}

_REASONS = {
    "no-level": N_("We were not told how you logged in. So we cannot be sure enough who you are."),
    "no-second-factor": N_("You logged in without a second factor. Staff needs one. Use for example your app or key."),
    "no-bsn": N_("We were not told a valid citizen service number. Come to the counter, or call us: 14 053."),
    "test-bsn": N_("This is the number of a test person. It cannot be used here."),
    "no-kvk": N_("We were not told a number of the Chamber of Commerce (KvK). Log in for a Dutch company."),
    "unknown-firm": N_("Your company is not known to us as an undertaker or care provider. Call us to join: 14 053."),
    "no-staff-id": N_("We were not told who you are. Ask the administrator of your account."),
    "no-role": N_("Your account has no role here. Ask your manager to give you one."),
}


def for_whom(login: str) -> str:
    """Return for whom a log-in is."""
    return _(_FOR_WHOM[login])


def means(provider: ProviderSettings) -> str:
    """Return what people call the means of a log-in, as it stands after `with`."""
    dutch, _bar, english = provider.label.partition("|")
    return (dutch if g.lang == "nl" else english or dutch) or _(_STAFF_ACCOUNT)


def level_name(login: str, level: str) -> str:
    """Return what the means of a log-in calls a level."""
    return _COMPANY_LEVELS[level] if login == "company" else _(_LEVELS[level])


def stronger(login: str, level: str) -> str:
    """Return how somebody reaches a level."""
    cure = _CURES.get((login, level), _CURES.get((login, ""), ""))
    return _(cure) if cure else ""


def why(reason: str) -> str:
    """Return why somebody may not come in, with what to do; empty for a reason that is for operators only."""
    return _(_REASONS[reason]) if reason in _REASONS else ""
