"""Refusing files that are too large while they arrive, without losing the form around them."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class SentAhead:
    """A file that is here already: the key of its FileUpload, as a form carries it."""

    key: uuid.UUID


# A file that came with its form.
type FormFile = UploadedFile[bytes]


@dataclass(frozen=True, slots=True)
class Sample:
    """A file that came with its form and is malware, sent on purpose."""

    file: FormFile


# A file as a form or the API hands it over.
type Upload = FormFile | Sample | SentAhead

# Where the handler leaves the names of refused files for the form to show.
REFUSED_KEY = "tickets.refused_files"


class LimitedUploadHandler(FileUploadHandler):
    """Stops keeping a file at the limit; the rest of the form is still read.

    The text a person typed comes back beside the error, and nothing of the file stays on disk. Of
    the files beyond the limit of their number one is kept, for the form to refuse; of those of
    somebody who is not signed in none, because a form is read before it is known what it is for.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.begun = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        assert self.request is not None
        if not self.received:
            self.begun += 1
        self.received += len(raw_data)
        if self.begun > settings.ATTACHMENT_MAX_COUNT + 1 or not self.request.user.is_authenticated:
            raise SkipFile
        if self.received > settings.ATTACHMENT_MAX_BYTES:
            self.request.META.setdefault(REFUSED_KEY, []).append(self.file_name)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> FormFile | None:
        return None
