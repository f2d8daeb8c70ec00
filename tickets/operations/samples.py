"""Malware samples: opened by the lab alone, each time on record."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from stream_zip import ZIP_64, stream_zip

from accounts.errors import NotAllowed
from accounts.models import User
from tickets.choices import EventKind, ScanState
from tickets.errors import FileWithheld, InvalidTransition
from tickets.models import Attachment
from tickets.operations.attachments import add_file_event, lock_file
from tickets.operations.file_uploads import SAMPLE
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_fetch_samples, can_mark_sample

# The password of the trade: it keeps scanners on the way from eating the evidence.
PASSWORD = "infected"  # noqa: S105 - everybody knows it
PIECE = 256 * 1024
# In one go; the next one comes in an hour.
REMOVED_AT_ONCE = 500


def require_fetchable(attachment: Attachment) -> None:
    """Refuse to give out what waits for the scanner, was refused by it, or is a sample.

    Raises: FileWithheld.
    """
    if attachment.is_sample:
        raise FileWithheld(_("This is a malware sample: only our lab opens it, on its page."))
    if attachment.scan_state == ScanState.WAITING:
        raise FileWithheld(_("This file is being scanned. Try again in a minute."))
    if attachment.is_refused:
        raise FileWithheld(
            _("The scanner refused this file (%(reason)s); it is not given out.")
            % {"reason": attachment.scan_note}
        )


def fetch_sample(attachment: Attachment, *, by: User, now: datetime | None = None) -> Path:
    """Open a sample, and put on record who did; say where its bytes stand.

    Raises: NotAllowed, FileWithheld when it is none, or gone. Effects: one internal event.
    """
    if not can_fetch_samples(by):
        raise NotAllowed(_("Only lab analysts open malware samples."))
    path = Path(settings.MEDIA_ROOT) / str(attachment.file.name)
    if not attachment.is_sample or attachment.removed_at is not None or not path.is_file():
        raise FileWithheld("There is no sample here any more.")
    with transaction.atomic():
        add_event(
            lock_ticket(attachment.ticket),
            EventKind.SAMPLE_FETCHED,
            by=by,
            now=now or timezone.now(),
            file=attachment.name,
            sha256=attachment.sha256,
        )
    return path


def remove_old_samples(*, now: datetime | None = None) -> int:
    """Delete samples whose ticket closed SAMPLE_RETENTION_DAYS ago, and say how many.

    Hash, name, size and verdict stay. Each sample in a transaction of its own; two at once delete
    it once. Effects: the Attachment and one event each; the bytes go after the commit.
    Source: security.md, 4.9; docs/operations.md.
    """
    moment = now or timezone.now()
    closed_by = moment - timedelta(days=settings.SAMPLE_RETENTION_DAYS)
    old = Attachment.objects.filter(
        is_sample=True, removed_at__isnull=True, ticket__closed_at__lte=closed_by
    )
    keys = list(old.order_by("ticket", "pk").values_list("pk", flat=True)[:REMOVED_AT_ONCE])
    return sum(_remove_sample(key, closed_by, moment) for key in keys)


@transaction.atomic
def _remove_sample(key: int, closed_by: datetime, now: datetime) -> bool:
    """Delete one, unless somebody was faster."""
    rows = lock_file(Attachment.objects.get(pk=key))
    sample = next(one for one in rows if one.pk == key)
    ticket = sample.ticket
    if sample.removed_at is not None or ticket.closed_at is None or ticket.closed_at > closed_by:
        return False
    stored = str(sample.file.name)
    sample.file, sample.removed_at = "", now
    sample.save(update_fields=["file", "removed_at"])
    add_file_event(sample, EventKind.SAMPLE_REMOVED, by=None, now=now, sha256=sample.sha256)
    if not Attachment.objects.filter(file=stored).exists():
        path = Path(settings.MEDIA_ROOT) / stored
        transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return True


def wrapped(path: Path, name: str, at: datetime) -> Iterator[bytes]:
    """The bytes in a ZIP with the password, AES-256, piece by piece. The original stays as it is.

    What is an encrypted ZIP already is given out as it came.
    """
    if _is_locked_zip(path):
        yield from _pieces(path)
        return
    member = (name, at, 0o600, ZIP_64, _pieces(path))
    yield from stream_zip([member], password=PASSWORD)


def _is_locked_zip(path: Path) -> bool:
    """Whether its first entry says so; nothing is unpacked."""
    with path.open("rb") as file:
        head = file.read(8)
    return head.startswith(b"PK\x03\x04") and len(head) == 8 and bool(head[6] & 1)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


@transaction.atomic
def mark_as_sample(attachment: Attachment, *, by: User, now: datetime | None = None) -> Attachment:
    """Say of a file that was sent as an ordinary one that it is malware on purpose.

    Raises: NotAllowed, InvalidTransition when it is one already. Effects: the Attachment, one
    event; the same of a ticket that was split off with it.
    """
    rows = lock_file(attachment)
    attachment = next(one for one in rows if one.pk == attachment.pk)
    if not can_mark_sample(by, attachment):
        raise NotAllowed(_("Whoever sent a file says that it is a malware sample."))
    if attachment.is_sample:
        raise InvalidTransition(_("This file is a malware sample already."))
    for one in rows:
        one.is_sample, one.scan_state, one.scan_note = True, ScanState.NOT_SCANNED, SAMPLE
        one.save(update_fields=["is_sample", "scan_state", "scan_note"])
        add_file_event(one, EventKind.SAMPLE_MARKED, by=by, now=now or timezone.now())
    return attachment
