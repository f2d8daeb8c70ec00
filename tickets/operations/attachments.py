"""Files taken in with a filing, a message or a note."""

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.template.defaultfilters import filesizeformat

from accounts.models import User
from tickets.errors import AttachmentRefused
from tickets.models import Attachment, Message, Note, Ticket
from tickets.uploads import Upload


def check_files(files: Sequence[Upload]) -> None:
    """Refuse empty files and those over the limits, before anything is written.

    Raises: AttachmentRefused, naming the file and the limit.
    """
    if len(files) > settings.ATTACHMENT_MAX_COUNT:
        raise AttachmentRefused(
            f"Send at most {settings.ATTACHMENT_MAX_COUNT} files at once.", field="files"
        )
    for file in files:
        if not file.size:
            raise AttachmentRefused(f"{file.name} is empty. Choose it again.", field="files")
        if (file.size or 0) > settings.ATTACHMENT_MAX_BYTES:
            limit = filesizeformat(settings.ATTACHMENT_MAX_BYTES)
            raise AttachmentRefused(f"{file.name} is larger than {limit}.", field="files")


def attach_files(
    ticket: Ticket,
    files: Sequence[Upload],
    *,
    by: User,
    now: datetime,
    message: Message | None = None,
    note: Note | None = None,
) -> list[Attachment]:
    """Store files under random keys.

    When the transaction is rolled back the rows are gone and the files stay: unreachable, because
    only a row leads to a file, and removed by `manage.py clear_lost_files`.
    Raises: AttachmentRefused. Effects: one Attachment and one stored file each.
    """
    check_files(files)
    attachments = []
    for file in files:
        digest = hashlib.sha256()
        for chunk in file.chunks():
            digest.update(chunk)
        attachment = Attachment(
            ticket=ticket,
            message=message,
            note=note,
            name=display_name(file.name or ""),
            content_type=(file.content_type or "")[:100],
            size=file.size or 0,
            sha256=digest.hexdigest(),
            uploaded_by=by,
            uploaded_at=now,
        )
        attachment.file.save("upload", file, save=False)
        attachment.save()
        attachments.append(attachment)
    return attachments


def display_name(claimed: str) -> str:
    """The claimed name without paths, control or invisible characters; never empty."""
    base = claimed.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(
        char for char in unicodedata.normalize("NFC", base) if unicodedata.category(char)[0] != "C"
    )
    return shown.strip(" .")[:255] or "file"
