"""Remove stored files that no row leads to, older than a day."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tickets.models import Attachment, FileUpload, SendingFile

# A younger file may belong to a transaction that has not committed yet.
MIN_AGE_SECONDS = 24 * 3600


class Command(BaseCommand):
    help = "Remove stored files that no row leads to, older than a day."

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.MEDIA_ROOT)
        # In one query: a file goes from its upload to its answer to its ticket while we look.
        known = set(
            Attachment.objects.order_by()
            .values_list("file", flat=True)
            .union(
                SendingFile.objects.values_list("file", flat=True),
                FileUpload.objects.order_by().values_list("stored_as", flat=True),
                all=True,
            )
            .order_by()
        )
        removed = 0
        for path in (root / "attachments").rglob("*"):
            old = path.is_file() and time.time() - path.stat().st_mtime > MIN_AGE_SECONDS
            if old and str(path.relative_to(root)) not in known:
                path.unlink()
                removed += 1
        self.stdout.write(f"{removed} files removed.")
