"""How often something may be tried: by one address, or by one person."""

from django.core.cache import cache


def is_within_limit(what: str, address: str, *, limit: int, seconds: int) -> bool:
    """Count one attempt and say whether it is still within the limit.

    Units: `limit` attempts in a window of `seconds` that opens with the first of them.
    Effects: one counter in the cache; an emptied cache starts counting anew.
    """
    key = f"attempts:{what}:{address}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) <= limit
    except ValueError:  # The window ended between the two lines.
        cache.set(key, 1, seconds)
        return True


def is_used_up(what: str, address: str, *, limit: int) -> bool:
    """Say whether all attempts of the window have been counted, without counting one."""
    return int(cache.get(f"attempts:{what}:{address}", 0)) >= limit
