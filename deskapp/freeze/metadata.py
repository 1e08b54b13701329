"""Names and versions as each format spells them; nothing here looks at anything but its arguments."""

from __future__ import annotations

import re
import unicodedata

from deskapp.errors import SpecError


def slug(name: str) -> str:
    """`name` in lower case, of ASCII letters, digits and ``-``; begins with a letter or digit.

    Raises:
        SpecError: Nothing is left of it.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    found = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if not found:
        raise SpecError("name", f"{name!r} has no letter from a to z and no digit, and files are named after it")
    return found
