"""The files of what is held: kept beside it, and opened again when it goes out."""

from collections.abc import Sequence
from contextlib import ExitStack

from django.core.files.uploadedfile import UploadedFile

from tickets.choices import DraftKind
from tickets.file_names import display_name
from tickets.models import Sending, SendingFile
from tickets.operations.attachments import lock_sent_ahead
from tickets.uploads import FormFile, Sample, SentAhead, Upload


def keep_files(sending: Sending, files: Sequence[Upload]) -> None:
    """Keep the files of a sending. Raises: as lock_sent_ahead. Effects: SendingFiles, uploads."""
    ahead = [one.key for one in files if isinstance(one, SentAhead)]
    is_note = sending.kind == DraftKind.NOTE
    for upload in lock_sent_ahead(
        ahead, by=sending.author, now=sending.pressed_at, for_note=is_note
    ):
        upload.sending = sending
        upload.kind = DraftKind.NOTE if is_note else ""  # Taken back, it stays on that side.
        upload.save(update_fields=["sending", "kind"])
    for one in files:
        if isinstance(one, SentAhead):
            continue
        file = one.file if isinstance(one, Sample) else one
        kept = SendingFile(
            sending=sending,
            is_sample=isinstance(one, Sample),
            name=display_name(file.name or ""),
            content_type=(file.content_type or "")[:100],
            size=file.size or 0,
        )
        kept.file.save("upload", file, save=False)
        kept.save()


def open_file(kept: SendingFile, opened: ExitStack) -> Upload:
    """Open a kept file as it came with its form, until `opened` is closed."""
    file = opened.enter_context(_upload(kept))
    return Sample(file) if kept.is_sample else file


def _upload(kept: SendingFile) -> FormFile:
    return UploadedFile(
        file=kept.file.open("rb"),
        name=kept.name,
        content_type=kept.content_type,
        size=kept.size,
    )
