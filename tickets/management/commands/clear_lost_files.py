"""Remove stored files that no row leads to, older than a day."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tickets.models import Attachment, FileUpload

# A younger file may belong to a transaction that has not committed yet.
MIN_AGE_SECONDS = 24 * 3600


class Command(BaseCommand):
    help = "Remove stored files that no attachment leads to, older than a day."

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.MEDIA_ROOT)
        known = set(Attachment.objects.values_list("file", flat=True))
        known |= set(FileUpload.objects.values_list("stored_as", flat=True))
        removed = 0
        for path in (root / "attachments").rglob("*"):
            old = path.is_file() and time.time() - path.stat().st_mtime > MIN_AGE_SECONDS
            if old and str(path.relative_to(root)) not in known:
                path.unlink()
                removed += 1
        self.stdout.write(f"{removed} files removed.")
