"""Where a webhook may lead: a public address, looked up here and connected to as looked up.

The connection goes to the address that was judged (channels.webhook), so a name that answers
differently the second time leads nowhere else.
"""

import ipaddress
import socket
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Public by their number, but doors to others: NAT64, 6to4, Teredo.
_DOORS = tuple(
    ipaddress.ip_network(net)
    for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


class AddressRefused(Exception):
    """This address is none that we call; the message is a sentence for its owner."""


class Target(NamedTuple):
    """An address to call, taken apart, and the numbers it may be connected to."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]


def find_target(url: str) -> Target:
    """Look an address up and judge it. Raises: AddressRefused."""
    scheme, host, port, path = take_apart(url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(_("The name %(host)s leads nowhere.") % {"host": host}) from error
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not settings.WEBHOOKS_MAY_STAY_INSIDE:
        for address in addresses:
            if not is_public(address):
                # One private address among public ones is a trap, not an accident.
                raise AddressRefused(
                    _("%(host)s leads into a private network, not to the internet.")
                    % {"host": host}
                )
    return Target(scheme, host, port, path, addresses)


def take_apart(url: str) -> tuple[str, str, int, str]:
    """Return scheme, host, port and path with query. Raises: AddressRefused for odd ones."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused(_("Write an address such as https://example.com/hook.")) from error
    schemes = {"https"} if settings.WEBHOOKS_HTTPS_ONLY else {"https", "http"}
    if parts.scheme not in schemes:
        raise AddressRefused(_("The address begins with https://."))
    if not parts.hostname:
        raise AddressRefused(_("Write an address such as https://example.com/hook."))
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(_("Leave name and password out of the address: calls are signed."))
    if any(sign <= " " or sign == "\x7f" for sign in url):
        raise AddressRefused(_("The address holds a blank or a line break."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    default = 443 if parts.scheme == "https" else 80
    return parts.scheme, parts.hostname, port if port is not None else default, path


def is_public(address: str) -> bool:
    """Whether a number belongs to the internet and is no door to anything else."""
    try:
        found: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if any(found in door for door in _DOORS if door.version == found.version):
        return False
    return (
        found.is_global
        and not found.is_multicast
        and not found.is_reserved
        and not found.is_unspecified
    )
