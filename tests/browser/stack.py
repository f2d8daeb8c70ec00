"""The whole portal as real processes, for stories told from outside.

The same program as `make demo`, on a throwaway data directory, with a real SMTP server that keeps
what it receives.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

# A minute on a machine of its own. Below the time after which pytest ends the run.
READY_SECONDS = 540
STOP_SECONDS = 30


@dataclass
class Mailbox:
    """An SMTP server's handler that keeps every mail it takes in."""

    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if address in str(mail["To"])]


@dataclass(frozen=True)
class Person:
    """Somebody of the demo who can sign in."""

    role: str
    name: str
    email: str
    password: str
    company: str


@dataclass(frozen=True)
class Stack:
    """A running portal: its address, its people, its mail."""

    base_url: str
    people: tuple[Person, ...]
    mailbox: Mailbox
    var: Path

    def person(self, role: str, company: str = "") -> Person:
        """The first person of a role, of a company when one is named."""
        for one in self.people:
            if one.role == role and (not company or one.company == company):
                return one
        raise LookupError(f"The demo has no {role} {company}".strip())


@contextmanager
def running_stack(log: Path) -> Iterator[Stack]:
    """Run the portal until the block ends; every process it started is gone then."""
    mailbox = Mailbox()
    port = _free_port()
    smtp = Controller(mailbox, hostname="127.0.0.1", port=port)
    smtp.start()
    var = Path(tempfile.mkdtemp(prefix="portal-stories-"))
    var.chmod(0o711)  # Passable for the account that root lends to PostgreSQL.
    given = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "MAKELEVEL"}
    }
    environment = {
        **given,
        "PORTAL_ENV": "demo",
        "PORTAL_VAR": str(var),
        "PORT": "0",
        "HOST": "127.0.0.1",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.demo"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            told = _wait_until_ready(process, var / "demo.json", log)
            yield Stack(told["base_url"], read_people(told), mailbox, var)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
            smtp.stop()
            shutil.rmtree(var, ignore_errors=True)


def read_people(told: dict[str, Any]) -> tuple[Person, ...]:
    """Take the people out of what var/demo.json tells."""
    return tuple(
        Person(
            role=one["role"],
            name=one["name"],
            email=one["email"],
            password=one["password"],
            company=one.get("company") or "",
        )
        for one in told["people"]
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], told: Path, log: Path) -> dict[str, Any]:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if told.exists():
            answer: dict[str, Any] = json.loads(told.read_text())
            return answer
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise RuntimeError(f"The portal did not start:\n{log.read_text(errors='replace')[-4000:]}")
