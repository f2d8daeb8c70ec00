"""How a tag is written: the same words typed in any way are one tag."""

import re
import unicodedata

from accounts.errors import InvalidInput

LONGEST_TAG = 40
MOST_TAGS = 20

_BETWEEN = re.compile(r"[\s_-]+")
_STRANGE = re.compile(r"[^\w.+#-]")


def normal_tag(typed: str) -> str:
    """Write a tag as it is kept: small letters, hyphens between words, no other signs.

    Raises: InvalidInput when nothing is left, or too much.
    """
    folded = unicodedata.normalize("NFKC", typed).casefold()
    name = _STRANGE.sub("", _BETWEEN.sub("-", folded.strip())).strip("-.")
    if not name:
        raise InvalidInput("A tag needs letters or digits.", field="add")
    if len(name) > LONGEST_TAG:
        raise InvalidInput(f"A tag has at most {LONGEST_TAG} letters.", field="add")
    return name


def normal_tags(typed: str) -> list[str]:
    """Read what somebody typed with commas between, each tag once. Raises: InvalidInput."""
    return list(dict.fromkeys(normal_tag(one) for one in typed.split(",") if one.strip()))
