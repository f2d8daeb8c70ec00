"""The tags that are suggested while somebody types one."""

from typing import cast

from django.core.cache import cache

from tickets.models import Tag

SUGGESTED = "tickets:suggested-tags"
# As many as a browser's list still helps with.
MOST_SUGGESTED = 300
_KEPT_SECONDS = 300


def suggested_tags() -> list[str]:
    """Name the known tags by the alphabet; kept for a while, forgotten when one is new."""
    known = cache.get(SUGGESTED)
    if known is None:
        known = list(Tag.objects.values_list("name", flat=True)[:MOST_SUGGESTED])
        cache.set(SUGGESTED, known, _KEPT_SECONDS)
    return cast("list[str]", known)
