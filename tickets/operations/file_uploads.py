"""Files on their way: begun, taken in piece by piece, thrown away.

No transaction is open and nothing is locked while bytes come in. Each piece is written at its
place under a short lock of the row, and only if it is the next one: of two connections that send
the same file, as after a lost network, the one that is behind stops.
"""

import logging
import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from accounts.errors import NotAllowed
from accounts.models import User
from entitlements.models import Customer
from entitlements.permissions import membership_of
from tickets import scanner
from tickets.choices import DraftKind, ScanState
from tickets.errors import AttachmentRefused, OffsetMoved, StorageFull
from tickets.file_names import display_name
from tickets.models import FileUpload, Ticket
from tickets.models.attachment import random_place
from tickets.permissions import can_write_as_customer, sees_as_staff

logger = logging.getLogger(__name__)

# How long a file waits for the rest of it, or for its form to be sent.
KEPT_FOR = timedelta(days=2)
MOST_WAITING = 40
SAMPLE = "a malware sample is never scanned"


def begin_upload(
    place: Customer | Ticket,
    *,
    name: str,
    size: int,
    by: User,
    content_type: str = "",
    modified: int | None = None,
    is_sample: bool = False,
    kind: DraftKind = DraftKind.FILING,
    now: datetime | None = None,
) -> FileUpload:
    """Announce a file for a ticket, or for the form of a `kind` of new one of a company.

    On a ticket a `kind` of NOTE keeps it from the customer: it goes with nothing but a note.

    Raises: NotAllowed; AttachmentRefused for an empty file, one over the limit, or more than one
    person may have waiting. Effects: one FileUpload; the person's row is locked.
    """
    moment = now or timezone.now()
    if not _may_send(by, place, kind):
        raise NotAllowed(_("No file can be sent here."))
    if size <= 0:
        raise AttachmentRefused(
            _("%(name)s is empty. Choose it again.") % {"name": name}, field="files"
        )
    if size > settings.UPLOAD_MAX_BYTES:
        limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
        raise AttachmentRefused(
            _("%(name)s is larger than %(limit)s.") % {"name": name, "limit": limit}, field="files"
        )
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        waiting = FileUpload.objects.filter(owner=by)
        announced = waiting.aggregate(total=Sum("size"))["total"] or 0
        if announced + size > settings.UPLOAD_MAX_WAITING_BYTES or waiting.count() >= MOST_WAITING:
            limit = filesizeformat(settings.UPLOAD_MAX_WAITING_BYTES)
            raise AttachmentRefused(
                _(
                    "You have files waiting to be sent already: at most %(number)d, and %(limit)s "
                    "together. Send or remove some first."
                )
                % {"number": MOST_WAITING, "limit": limit},
                field="files",
            )
        upload = FileUpload(
            owner=by,
            ticket=place if isinstance(place, Ticket) else None,
            customer=place if isinstance(place, Customer) else None,
            kind=kind if isinstance(place, Customer) or kind == DraftKind.NOTE else "",
            name=display_name(name),
            content_type=content_type[:100],
            modified=modified,
            size=size,
            is_sample=is_sample,
            stored_as=random_place(),
            begun_at=moment,
            expires_at=moment + KEPT_FOR,
        )
        upload.scan_state, upload.scan_note = first_scan_state(is_sample=is_sample)
        upload.save(force_insert=True)
    return upload


def first_scan_state(*, is_sample: bool) -> tuple[ScanState, str]:
    """What is said of a file nobody has looked at."""
    if is_sample:
        return ScanState.NOT_SCANNED, SAMPLE
    if not scanner.is_configured():
        return ScanState.NOT_SCANNED, scanner.NOT_CONFIGURED
    return ScanState.WAITING, ""


def take_in(
    upload: FileUpload, pieces: Iterable[bytes], *, offset: int, now: datetime | None = None
) -> FileUpload:
    """Write what comes in from `offset` on, each piece as it arrives; never the whole in memory.

    What came before a connection broke stays. Raises: OffsetMoved when the next byte is another
    one than `offset`; AttachmentRefused for more than was announced; StorageFull.
    Effects: the file, the FileUpload; when all is here, the finish and its inspection.
    """
    path = place_of_upload(upload)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            upload = _write(upload, b"", file.fileno(), offset, now)
            for piece in pieces:
                upload = _write(upload, piece, file.fileno(), offset, now)
                offset += len(piece)
    except OSError as error:
        raise StorageFull(_("There is no room for this file now. Try again later.")) from error
    return upload


def _write(
    upload: FileUpload, piece: bytes, file: int, offset: int, now: datetime | None
) -> FileUpload:
    moment = now or timezone.now()
    with transaction.atomic():
        # Gone, too, when it was thrown away meanwhile, or hangs on a ticket already.
        locked = FileUpload.objects.select_for_update(of=("self",)).filter(pk=upload.pk).first()
        if locked is None or locked.received != offset:
            raise OffsetMoved(_("Another connection has sent more of this file."))
        if offset + len(piece) > locked.size:
            raise AttachmentRefused(
                _("%(name)s is larger than was announced.") % {"name": locked.name}, field="files"
            )
        os.pwrite(file, piece, offset)
        locked.received = offset + len(piece)
        locked.expires_at = moment + KEPT_FOR
        if locked.received == locked.size and locked.finished_at is None:
            os.fsync(file)
            locked.finished_at = moment
            transaction.on_commit(kick_inspection)
        locked.save(update_fields=["received", "expires_at", "finished_at"])
    return locked


def kick_inspection() -> None:
    """Begin at once, by name: the shell stands above, because it calls an operation."""
    try:
        current_app.send_task("tickets.periodic.inspect_files")
    except OperationalError:
        logger.warning("The broker is away; the file is inspected by its beat entry.")


@transaction.atomic
def throw_away(upload: FileUpload) -> None:
    """Delete a file on its way. Effects: the FileUpload, and its bytes after the commit."""
    path = place_of_upload(upload)
    gone, _ = FileUpload.objects.filter(pk=upload.pk).delete()
    if gone:  # And not attached in this moment: then the bytes are the ticket's.
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


def forget_expired_uploads(*, now: datetime | None = None) -> int:
    """Delete what nobody went on with for KEPT_FOR, and say how many. Effects: as throw_away."""
    waiting = FileUpload.objects.filter(sending=None)
    expired = list(waiting.filter(expires_at__lte=now or timezone.now())[:500])
    for upload in expired:
        throw_away(upload)
    return len(expired)


def place_of_upload(upload: FileUpload) -> Path:
    """Where its bytes stand."""
    return Path(settings.MEDIA_ROOT) / upload.stored_as


def uploads_for(
    place: Customer | Ticket, *, by: User, now: datetime, kind: DraftKind = DraftKind.FILING
) -> list[FileUpload]:
    """A person's own files that wait for a ticket, or for one form of a new one; one query."""
    if isinstance(place, Ticket):
        return list(FileUpload.objects.of(by, now).waiting_for(place))
    return list(FileUpload.objects.of(by, now).filter(sending=None, customer=place, kind=kind))


def _may_send(by: User, place: Customer | Ticket, kind: DraftKind) -> bool:
    if isinstance(place, Customer):
        return membership_of(by, place) is not None
    as_customer = kind != DraftKind.NOTE and can_write_as_customer(by, place)
    return as_customer or sees_as_staff(by, place)
