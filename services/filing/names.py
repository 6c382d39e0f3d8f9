"""Names of files as people gave them, made safe to keep, to show and to send back."""

import re
import unicodedata

ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
LONGEST_NAME = 100
_PATHS = re.compile(r"[/\\:]")
_NOT_IN_NAMES = re.compile(r'[<>"|?*%;]')
_ENDING = re.compile(r"\.(pdf|jpe?g|png|[a-z0-9]{1,5})\Z", re.IGNORECASE)


def safe_name(given: str, media_type: str) -> str:
    """Return a name without folders, hidden signs or tricks, with the ending of what is really in the file."""
    bare = unicodedata.normalize("NFC", _PATHS.split(given)[-1])
    # Cc, Cf and the like: line ends, and signs that turn the direction so that `fdp.exe` reads `exe.pdf`
    visible = "".join(sign if unicodedata.category(sign)[0] != "C" else "" for sign in bare)
    stem = _ENDING.sub("", " ".join(_NOT_IN_NAMES.sub(" ", visible).split())).strip(" .")
    ending = ENDINGS[media_type]
    return (stem[: LONGEST_NAME - len(ending)].rstrip(" .") or "document") + ending
