"""Looking into stored files: their hash, and what the scanner says."""

import hashlib
import logging
from datetime import datetime, timedelta
from io import BufferedReader
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tickets import scanner
from tickets.choices import EventKind, ScanState
from tickets.models import Attachment, FileUpload
from tickets.operations.attachments import add_file_event, lock_file
from tickets.scanner import ScannerAway, Verdict

logger = logging.getLogger(__name__)

# As long as the scanner may be away before a file is given out unscanned, and says so.
PATIENCE = timedelta(minutes=15)
NO_ANSWER = Verdict(ScanState.NOT_SCANNED, "the scanner did not answer")
GONE = Verdict(ScanState.NOT_SCANNED, "the file is gone")
AT_ONCE = 20
_WAITING = Q(sha256="") | Q(scan_state=ScanState.WAITING)


def inspect_files(*, now: datetime | None = None) -> int:
    """Hash and scan files that wait for it, and say how many.

    Outside any transaction: a scan takes minutes. Two that inspect the same file do it twice and
    find the same. Effects: the files' rows; one event on a ticket for each file refused.
    """
    moment = now or timezone.now()
    facts = ("scan_state", "sha256")
    uploads = FileUpload.objects.finished().filter(_WAITING).order_by("finished_at")
    attachments = Attachment.objects.filter(_WAITING).order_by("pk")
    waiting = [
        *uploads.values_list("stored_as", "finished_at", *facts)[:AT_ONCE],
        *attachments.values_list("file", "uploaded_at", *facts)[:AT_ONCE],
    ]
    done = 0
    for stored_as, since, state, sha256 in waiting:
        is_late = since is not None and moment - since > PATIENCE
        done += _inspect(str(stored_as), state, sha256, is_late=is_late, now=moment)
    return done


def _inspect(stored_as: str, state: str, sha256: str, *, is_late: bool, now: datetime) -> bool:
    try:
        with (Path(settings.MEDIA_ROOT) / stored_as).open("rb") as content:
            found = sha256 or _hash(content)
            verdict = _scan(content, is_late=is_late) if state == ScanState.WAITING else None
    except FileNotFoundError:
        found, verdict = sha256 or "0" * 64, GONE
    except ScannerAway as error:
        logger.warning("The scanner is away: %s", error)
        verdict = None
    _keep(stored_as, found, verdict, now)
    return verdict is not None or not sha256


def _hash(content: BufferedReader) -> str:
    return hashlib.file_digest(content, "sha256").hexdigest()


def _scan(content: BufferedReader, *, is_late: bool) -> Verdict:
    content.seek(0)
    try:
        return scanner.scan(content)
    except ScannerAway:
        if is_late:
            return NO_ANSWER
        raise


@transaction.atomic
def _keep(stored_as: str, sha256: str, verdict: Verdict | None, now: datetime) -> None:
    found: dict[str, str] = {"sha256": sha256}
    if verdict is not None:
        found |= {"scan_state": verdict.state, "scan_note": verdict.note}
    # A sample is never scanned, even one that was marked while the scanner looked at it.
    if FileUpload.objects.filter(stored_as=stored_as).update(**found):
        return
    # It hangs on a ticket by now: this waited for the row of the upload to go.
    attachment = Attachment.objects.filter(file=stored_as).first()
    for one in lock_file(attachment) if attachment is not None else ():
        if one.is_sample:
            Attachment.objects.filter(pk=one.pk).update(sha256=sha256)
            continue
        Attachment.objects.filter(pk=one.pk).update(**found)
        if verdict is not None and verdict.state == ScanState.REFUSED and not one.is_refused:
            add_file_event(one, EventKind.FILE_REFUSED, by=None, now=now, found=verdict.note)
