"""Files in a form: several at once, with the limits told beside the field."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.errors import AttachmentRefused
from tickets.operations.attachments import check_files
from tickets.uploads import REFUSED_KEY, Sample, SentAhead, Upload


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


class KeysField(forms.Field):
    """Keys of files that are here already; what is no key is left out, and missed when sent."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[SentAhead]:
        try:
            return [SentAhead(uuid.UUID(str(one))) for one in dict.fromkeys(value or [])]
        except ValueError as error:
            raise forms.ValidationError(_("A file is no longer here. Choose it again.")) from error


class FormWithFiles(forms.Form):
    """A form that also says which files were refused while they arrived.

    `refused` are their names: the upload handler keeps nothing of such a file.
    """

    # Whether the files that come with the form are malware, sent on purpose.
    samples = forms.BooleanField(required=False)
    # Files that were sent ahead, by the keys of their FileUploads.
    uploads = KeysField(required=False)
    files = FilesField(label=gettext_lazy("Files"), required=False)  # type: ignore[assignment]  # the stubs take it for the data the form was given

    def __init__(self, *args: Any, refused: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refused = refused

    def clean_files(self) -> list[Upload]:
        if self.refused:
            limit = filesizeformat(settings.ATTACHMENT_MAX_BYTES)
            raise forms.ValidationError(
                [
                    _(
                        "%(name)s is larger than %(limit)s. Everything else is kept; choose your "
                        "other files again."
                    )
                    % {"name": name, "limit": limit}
                    for name in self.refused
                ]
            )
        came = self.cleaned_data["files"]
        if self.cleaned_data.get("samples"):
            came = [Sample(file) for file in came]
        files: list[Upload] = [*self.cleaned_data.get("uploads", []), *came]
        try:
            check_files(files)
        except AttachmentRefused as error:
            raise forms.ValidationError(error.message) from error
        return files


def refused_files(request: HttpRequest) -> Sequence[str]:
    """Name the files that were too large to be taken in; reading them parses the request."""
    assert request.POST is not None
    names: Sequence[str] = request.META.get(REFUSED_KEY, ())
    return names
