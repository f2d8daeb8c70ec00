"""How often something may be tried: by one address, or by one person."""

import ipaddress

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from accounts.models import User

MINUTE_SECONDS = 60


def client_address(request: HttpRequest) -> str:
    """Return the address attempts are counted by: the sender's, as our own proxy saw it.

    Of an IPv6 address the network: a sender has all of its addresses. Raises: PermissionDenied
    when there is none.
    """
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def is_within_limit(what: str, address: str, *, limit: int, seconds: int) -> bool:
    """Count one attempt and say whether it is still within the limit.

    Units: `limit` attempts in a window of `seconds` that opens with the first of them.
    Effects: one counter in the cache; an emptied cache starts counting anew.
    """
    return cache.count(f"attempts:{what}:{address}", seconds) <= limit  # type: ignore[attr-defined,no-any-return]  # supportportal.cache adds it


def is_used_up(what: str, address: str, *, limit: int) -> bool:
    """Say whether all attempts of the window have been counted, without counting one."""
    return int(cache.get(f"attempts:{what}:{address}", 0)) >= limit


def may_write(user: User) -> bool:
    """Count one change by a person, on a page or by the API, and say whether there is room for it.

    Faster than settings.WRITES_PER_MINUTE is a script gone wrong, or worse (ASVS 2.4.1); 0 counts
    nothing. Effects: as is_within_limit.
    """
    limit = settings.WRITES_PER_MINUTE
    return not limit or is_within_limit("write", str(user.pk), limit=limit, seconds=MINUTE_SECONDS)
