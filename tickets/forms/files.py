"""Files in a form: several at once, with the limits told beside the field."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat

from tickets.errors import AttachmentRefused
from tickets.operations.attachments import check_files
from tickets.uploads import REFUSED_KEY, Upload


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files within the limits; cleans to a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        files: list[Upload] = [file for file in data or [] if file]
        try:
            check_files(files)
        except AttachmentRefused as error:
            raise forms.ValidationError(error.message) from error
        return files


class FormWithFiles(forms.Form):
    """A form that also says which files were refused while they arrived.

    `refused` are their names: the upload handler keeps nothing of such a file.
    """

    files = FilesField(label="Files", required=False)  # type: ignore[assignment]  # the stubs take it for the data the form was given

    def __init__(self, *args: Any, refused: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refused = refused

    def clean_files(self) -> list[Upload]:
        if self.refused:
            limit = filesizeformat(settings.ATTACHMENT_MAX_BYTES)
            raise forms.ValidationError(
                [
                    f"{name} is larger than {limit}. Everything else is kept; choose your other "
                    "files again."
                    for name in self.refused
                ]
            )
        files: list[Upload] = self.cleaned_data["files"]
        return files


def refused_files(request: HttpRequest) -> Sequence[str]:
    """Name the files that were too large to be taken in; reading them parses the request."""
    assert request.POST is not None
    names: Sequence[str] = request.META.get(REFUSED_KEY, ())
    return names
