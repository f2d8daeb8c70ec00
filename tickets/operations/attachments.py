"""Files taken in with a filing, a message or a note."""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.choices import OF_A_NOTES_FILE, DraftKind, EventKind, ScanState
from tickets.errors import AttachmentRefused
from tickets.file_names import display_name
from tickets.models import Attachment, FileUpload, Message, Note, Ticket
from tickets.operations.file_uploads import first_scan_state, kick_inspection
from tickets.operations.timeline import add_event, lock_ticket
from tickets.uploads import Sample, SentAhead, Upload


def check_files(files: Sequence[Upload]) -> None:
    """Refuse empty files and those over the limits, before anything is written.

    Raises: AttachmentRefused, naming the file and the limit.
    """
    if len(files) > settings.ATTACHMENT_MAX_COUNT:
        raise AttachmentRefused(
            _("Send at most %(number)d files at once.") % {"number": settings.ATTACHMENT_MAX_COUNT},
            field="files",
        )
    for one in files:
        if isinstance(one, SentAhead):
            continue  # Judged when it was announced.
        file = one.file if isinstance(one, Sample) else one
        if not file.size:
            raise AttachmentRefused(
                _("%(name)s is empty. Choose it again.") % {"name": file.name}, field="files"
            )
        if (file.size or 0) > settings.ATTACHMENT_MAX_BYTES:
            limit = filesizeformat(settings.ATTACHMENT_MAX_BYTES)
            raise AttachmentRefused(
                _("%(name)s is larger than %(limit)s.") % {"name": file.name, "limit": limit},
                field="files",
            )


def attach_files(
    ticket: Ticket,
    files: Sequence[Upload],
    *,
    by: User,
    now: datetime,
    message: Message | None = None,
    note: Note | None = None,
) -> list[Attachment]:
    """Store files under random keys; what was sent ahead is stored already.

    When the transaction is rolled back the rows are gone and the files stay: unreachable, because
    only a row leads to a file, and removed by `manage.py clear_lost_files`.
    Raises: AttachmentRefused. Effects: one Attachment and one stored file each.
    """
    check_files(files)
    hangs_on = {"ticket": ticket, "message": message, "note": note}
    ahead = [one.key for one in files if isinstance(one, SentAhead)]
    attachments = _attach_sent_ahead(ahead, hangs_on, by=by, now=now)
    for one in files:
        if isinstance(one, SentAhead):
            continue
        is_sample, file = isinstance(one, Sample), one.file if isinstance(one, Sample) else one
        digest = hashlib.sha256()
        for chunk in file.chunks():
            digest.update(chunk)
        attachment = Attachment(
            **hangs_on,
            name=display_name(file.name or ""),
            content_type=(file.content_type or "")[:100],
            size=file.size or 0,
            sha256=digest.hexdigest(),
            is_sample=is_sample,
            uploaded_by=by,
            uploaded_at=now,
        )
        attachment.scan_state, attachment.scan_note = first_scan_state(is_sample=is_sample)
        attachment.file.save("upload", file, save=False)
        attachment.save()
        attachments.append(attachment)
    if any(not each.is_inspected for each in attachments):
        transaction.on_commit(kick_inspection)
    return attachments


def copy_files(files: Iterable[Attachment], ticket: Ticket) -> None:
    """Show files of another ticket on this one, too, as what they are known to be; no byte moves.

    A sample that was deleted after its time stays out. Effects: one Attachment each.
    """
    for one in files:
        if one.removed_at is None:
            one.pk, one.ticket, one.message, one.note = None, ticket, None, None
            one.save(force_insert=True)


def lock_file(attachment: Attachment) -> list[Attachment]:
    """Lock a file's rows, each with its ticket: one that was split off stands on two.

    Call it before any ticket is locked.
    """
    rows = Attachment.objects.filter(pk=attachment.pk)
    if attachment.file.name:
        rows |= Attachment.objects.filter(file=attachment.file.name)
    tickets = Ticket.objects.filter(pk__in=rows.values("ticket")).order_by("pk")
    locked = {ticket.pk: lock_ticket(ticket) for ticket in tickets}
    found = list(rows.select_for_update(of=("self",)).filter(ticket__in=locked).order_by("pk"))
    for one in found:
        one.ticket = locked[one.ticket_id]
    return found


def add_file_event(
    attachment: Attachment, kind: EventKind, *, by: User | None, now: datetime, **details: str
) -> None:
    """Write what became of a file on its ticket. Effects: one event, internal for a note's file."""
    if attachment.note_id is not None:
        kind = OF_A_NOTES_FILE[kind]
    add_event(attachment.ticket, kind, by=by, now=now, file=attachment.name, **details)


def _attach_sent_ahead(
    keys: Sequence[uuid.UUID], hangs_on: dict[str, Any], *, by: User, now: datetime
) -> list[Attachment]:
    """Hang files that are here already on a ticket: rows change, no byte moves.

    Raises: as lock_sent_ahead.
    """
    for_note = hangs_on["note"] is not None
    uploads = lock_sent_ahead(keys, by=by, now=now, for_note=for_note)
    if not uploads:
        return []
    attachments = [
        Attachment(
            **hangs_on,
            file=upload.stored_as,
            name=upload.name,
            content_type=upload.content_type,
            size=upload.size,
            is_sample=upload.is_sample,
            sha256=upload.sha256,
            scan_state=upload.scan_state,
            scan_note=upload.scan_note,
            uploaded_by=by,
            uploaded_at=now,
        )
        for upload in uploads
    ]
    Attachment.objects.bulk_create(attachments)
    FileUpload.objects.filter(key__in=[upload.key for upload in uploads]).delete()
    return attachments


def lock_sent_ahead(
    keys: Sequence[uuid.UUID], *, by: User, now: datetime, for_note: bool
) -> list[FileUpload]:
    """Lock a person's files that are here, in the order of the keys.

    Raises: AttachmentRefused for one that is not the person's, not whole, refused or gone, and for
    one chosen for a note where customers would read it.
    """
    if not keys:
        return []
    own = FileUpload.objects.of(by, now).finished().select_for_update(of=("self",))
    found = {one.key: one for one in own.filter(key__in=keys).order_by("key")}
    if any(key not in found for key in keys):
        raise AttachmentRefused(
            _("A file is no longer here, or has not arrived whole. Choose it again."),
            field="files",
        )
    uploads = [found[key] for key in dict.fromkeys(keys)]
    for upload in uploads:
        if upload.kind == DraftKind.NOTE and not for_note:
            raise AttachmentRefused(
                f"{upload.name} was chosen for a note, which only support reads. To show it to the "
                "customer, choose it again here.",
                field="files",
            )
        if upload.scan_state == ScanState.REFUSED:
            raise AttachmentRefused(
                _(
                    "%(name)s was refused by the scanner (%(note)s). If you send it as malware on "
                    "purpose, remove it and send it as a sample."
                )
                % {"name": upload.name, "note": upload.scan_note},
                field="files",
            )
    return uploads
