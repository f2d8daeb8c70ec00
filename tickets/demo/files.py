"""Small files as customers send them: logs, tables, a mail."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile


def make_file(kind: str, rng: random.Random, at: datetime) -> SimpleUploadedFile:
    """Make a file of a story's kind: "log", "csv" or "eml"; "bin" is a sample."""
    name, content_type, write = _KINDS[kind]
    return SimpleUploadedFile(
        name.format(day=f"{at:%Y%m%d}"), write(rng, at).encode(), content_type=content_type
    )


def _log(rng: random.Random, at: datetime) -> str:
    lines = []
    moment = at - timedelta(minutes=40)
    for number in range(rng.randint(40, 160)):
        moment += timedelta(seconds=rng.randint(1, 25))
        level = rng.choices(("INFO", "WARN", "ERROR"), (12, 3, 1))[0]
        what = rng.choice(
            (
                "scan queue length {}",
                "policy revision {} applied",
                "waiting for volume lock, attempt {}",
                "update check: build list unchanged ({})",
                "connection to relay closed after {} ms",
            )
        ).format(rng.randint(1, 900))
        lines.append(f"{moment:%Y-%m-%d %H:%M:%S} {level:<5} [{number:04d}] {what}")
    return "\n".join(lines) + "\n"


def _table(rng: random.Random, at: datetime) -> str:
    rows = ["time,host,value"]
    rows += [
        f"{at - timedelta(minutes=5 * row):%Y-%m-%d %H:%M},WS-{rng.randint(1, 400):04d},"
        f"{rng.randint(3, 240)}"
        for row in range(rng.randint(20, 60))
    ]
    return "\n".join(rows) + "\n"


def _mail(rng: random.Random, at: datetime) -> str:
    return (
        f"Received: from mx{rng.randint(1, 9)}.bulk.example ([192.0.2.{rng.randint(1, 250)}])\n"
        f"Date: {at:%a, %d %b %Y %H:%M:%S} +0000\n"
        "From: Delivery notice <notice@parcels.example>\n"
        "Subject: Your parcel could not be delivered\n"
        f"Message-ID: <{rng.getrandbits(64):016x}@bulk.example>\n"
        "Authentication-Results: gw; spf=pass smtp.mailfrom=bulk.example; dkim=none\n\n"
        "Your parcel waits. Confirm your address within 24 hours.\n"
    )


_KINDS: dict[str, tuple[str, str, Callable[[random.Random, datetime], str]]] = {
    "log": ("service-{day}.log", "text/plain", _log),
    "csv": ("export-{day}.csv", "text/csv", _table),
    "bin": (
        "dropper-{day}.bin",
        "application/octet-stream",
        lambda _rng, _at: "Stands for malware.",
    ),
    "eml": ("sample-{day}.eml", "message/rfc822", _mail),
}
