"""Files chosen in a form: several at once, and those refused while they arrived."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat

from tickets.uploads import REFUSED_KEY


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input that takes more than one."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Any number of files; what comes out is a list."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Check each file by itself."""
        files: Sequence[Any] = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(SeveralFilesField, self).clean(file, initial) for file in files]


def refused_files(request: HttpRequest) -> list[str]:
    """Say which files the upload handler refused, one sentence each."""
    names: list[str] = request.META.get(REFUSED_KEY, [])
    limit = filesizeformat(settings.ATTACHMENT_MAX_BYTES)
    return [f"{name} is larger than {limit}. Nothing was sent yet." for name in names]
