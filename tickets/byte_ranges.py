"""Which bytes of a file are asked for: a download that broke off goes on where it stopped."""

import re
from collections.abc import Iterator
from typing import NamedTuple, override

from django.core.files import File

# One stretch, from a byte on or the last ones. Several at once nobody needs to go on with a file.
_ONE_STRETCH = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Stretch(NamedTuple):
    """Bytes of a file, from one up to another that is not meant any more."""

    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start

    @override
    def __str__(self) -> str:
        return f"{self.start}-{self.end - 1}"


class BeyondTheEnd(ValueError):
    """What is asked for begins behind the file's last byte."""


def asked_stretch(header: str, size: int) -> Stretch | None:
    """Read a Range header; None asks for the whole file, as does what cannot be read.

    Units: bytes. Raises: BeyondTheEnd. Source: RFC 9110, 14.1.2.
    """
    found = _ONE_STRETCH.fullmatch(header.strip())
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= size:
        raise BeyondTheEnd
    return Stretch(start, end)


class PartOfFile:
    """An open file, of which only a stretch is read, piece by piece; closing it closes the file."""

    def __init__(self, file: "File[bytes]", stretch: Stretch, *, piece: int) -> None:
        self._file, self._stretch, self._piece = file, stretch, piece

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(self._stretch.start)
        left = self._stretch.size
        while piece := self._file.read(min(self._piece, left)):
            left -= len(piece)
            yield piece

    def close(self) -> None:
        self._file.close()
