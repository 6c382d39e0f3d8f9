"""`python -m services.filing.examiner`: examines the file on its input, in a process that may do nothing else.

What takes a stranger's file apart are large libraries in C. Here they have no secrets, little memory, little time, and
cannot open a file or a connection any more; when one of them breaks, only this one file is refused.

Out comes one line of JSON, `{"refused": CODE}` or `{"media_type": ...}`, and after it what may be kept.
"""

import io
import json
import resource
import sys

import pikepdf
from PIL import Image

from services.filing.examining import examine
from services.filing.refusals import FileRefused

MEMORY_BYTES = 1_500_000_000
CPU_SECONDS = 20


def shut_in() -> None:
    """Give up what an examiner does not need."""
    # Both keep open or in memory what they would look for on the disk later.
    Image.init()
    pikepdf.new().save(io.BytesIO(), encryption=pikepdf.Encryption(owner="any"))
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 3),  # input, output and errors are open; nothing more can be
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Examine one file."""
    shut_in()
    content = sys.stdin.buffer.read()
    kept = b""
    try:
        examined = examine(content)
    except FileRefused as refusal:
        told = {"refused": refusal.code}
    else:
        told = {"media_type": examined.media_type}
        kept = examined.content
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + kept)


if __name__ == "__main__":
    main()
