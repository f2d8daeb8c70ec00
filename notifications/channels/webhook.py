"""One try of a webhook's call over HTTP. No database here: it runs beside others in threads."""

import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from threading import Timer

from django.conf import settings

from notifications.channels.addresses import AddressRefused, Target, find_target

# Of a connection, and of each wait for a byte. Units: seconds.
PATIENCE = 5.0
# Of everything together: who sends a byte now and then is cut off. Units: seconds.
DEADLINE = 10.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try went. `status` is None when nothing answered, and `error` then says why."""

    status: int | None
    took: timedelta
    error: str = ""

    @property
    def is_delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def call_webhook(url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    """Post a body to an address, and say how it went; never raises for what the network does.

    No redirect is followed, no answer's body is read, no proxy is asked.
    """
    began = time.monotonic()
    try:
        status = _post(find_target(url), body, headers)
    except AddressRefused as refusal:
        return Outcome(None, _since(began), str(refusal))
    except (OSError, HTTPException, ValueError) as error:
        return Outcome(None, _since(began), _in_words(error))
    return Outcome(status, _since(began), _what_status_means(status))


def _post(target: Target, body: bytes, headers: Mapping[str, str]) -> int:
    """Post over a connection to the number that was judged, and return the answer's status."""
    sock = socket.create_connection((target.addresses[0], target.port), timeout=PATIENCE)
    secure = None
    if target.scheme == "https":
        # The certificate has to be the name's. Shaking hands counts against the deadline.
        sock = secure = ssl.create_default_context().wrap_socket(
            sock, server_hostname=target.host, do_handshake_on_connect=False
        )
    cut_off = Timer(DEADLINE, _shut, [sock])
    cut_off.daemon = True
    cut_off.start()
    connection = HTTPConnection(target.host, target.port, timeout=PATIENCE)
    connection.sock = sock
    try:
        if secure is not None:
            secure.do_handshake()
        said = {
            "Host": _host_header(target),
            "Content-Type": "application/json",
            "User-Agent": f"{settings.VENDOR_NAME}-Support-Portal/1",
            "Connection": "close",
            **headers,
        }
        connection.request("POST", target.path, body=body, headers=said)
        return connection.getresponse().status
    finally:
        cut_off.cancel()
        connection.close()


def _host_header(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    default = 443 if target.scheme == "https" else 80
    return host if target.port == default else f"{host}:{target.port}"


def _shut(sock: socket.socket) -> None:
    try:
        # The plain one: a TLS socket's own would change it under the thread that reads from it.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        return  # It is closed already.


def _what_status_means(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"Answered {status}: redirects are not followed."
    return f"Answered {status}."


def _in_words(error: Exception) -> str:
    if isinstance(error, TimeoutError) or "timed out" in str(error).lower():
        return f"No answer within {PATIENCE:.0f} seconds."
    return f"{type(error).__name__}: {error}"[:300]


def _since(began: float) -> timedelta:
    return timedelta(seconds=time.monotonic() - began)
