"""Refusing files that are too large while they arrive, without losing the form around them."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

# A file as a form or the API hands it over.
type Upload = UploadedFile[bytes]

# Where the handler leaves the names of refused files for the form to show.
REFUSED_KEY = "tickets.refused_files"


class LimitedUploadHandler(FileUploadHandler):
    """Stops keeping a file at the limit; the rest of the form is still read.

    The text a person typed comes back beside the error, and nothing of the file stays on disk.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > settings.ATTACHMENT_MAX_BYTES:
            assert self.request is not None
            self.request.META.setdefault(REFUSED_KEY, []).append(self.file_name)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> Upload | None:
        return None
