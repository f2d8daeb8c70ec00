"""Asking a virus scanner about a file: clamd, over its socket (INSTREAM)."""

import socket
import struct
from dataclasses import dataclass
from io import BufferedReader
from urllib.parse import urlsplit

from django.conf import settings

from tickets.choices import ScanState

NOT_CONFIGURED = "no scanner configured"
PIECE = 256 * 1024
# clamd answers nothing while it scans what is large. Units: seconds.
PATIENCE = 300
# What clamd says instead of a virus when it could not look inside.
NOT_LOOKED_INTO = ("Heuristics.Limits.Exceeded", "Heuristics.Encrypted")


class ScannerAway(Exception):
    """No answer came: the file is not scanned yet."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner says."""

    state: ScanState
    note: str = ""


def is_configured() -> bool:
    """Whether there is a scanner to ask."""
    return bool(settings.CLAMD_ADDRESS)


def scan(content: BufferedReader) -> Verdict:
    """Have a file scanned. Raises: ScannerAway.

    Source: clamd(8), INSTREAM: pieces with their length before them, ended by an empty one.
    """
    if not is_configured():
        return Verdict(ScanState.NOT_SCANNED, NOT_CONFIGURED)
    try:
        with _connect() as wire:
            wire.sendall(b"zINSTREAM\0")
            try:
                while piece := content.read(PIECE):
                    wire.sendall(struct.pack("!L", len(piece)) + piece)
                wire.sendall(struct.pack("!L", 0))
            except (BrokenPipeError, ConnectionResetError):
                pass  # It stops listening at its size limit, and has said so.
            said = _answer(wire)
    except OSError as error:
        raise ScannerAway(type(error).__name__) from error
    return _verdict(said)


def _connect() -> socket.socket:
    place = urlsplit(settings.CLAMD_ADDRESS)
    if place.scheme == "unix":
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        wire.settimeout(PATIENCE)
        try:
            wire.connect(place.path)
        except OSError:
            wire.close()
            raise
        return wire
    return socket.create_connection((place.hostname or "", place.port or 3310), timeout=PATIENCE)


def _answer(wire: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < 4096 and (piece := wire.recv(1024)):
        said += piece
    return said.rstrip(b"\0").decode("utf-8", "replace").removeprefix("stream: ").strip()


def _verdict(said: str) -> Verdict:
    if said == "OK":
        return Verdict(ScanState.CLEAN)
    if said.endswith(" FOUND"):
        name = said.removesuffix(" FOUND")[:150]
        if name.startswith(NOT_LOOKED_INTO):
            return Verdict(ScanState.NOT_SCANNED, f"the scanner could not look inside ({name})")
        return Verdict(ScanState.REFUSED, name)
    if "size limit exceeded" in said:
        return Verdict(ScanState.NOT_SCANNED, "larger than the scanner takes")
    raise ScannerAway(said[:100] or "no answer")
