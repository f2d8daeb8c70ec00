"""What of a sent file is kept while it arrives: bounded, and nothing from the signed-out."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client

from accounts.models import User
from tickets.uploads import Upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[str]:
    """The names of the files that reached the disk."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    settings.ATTACHMENT_MAX_COUNT = 3
    names: list[str] = []
    complete = TemporaryFileUploadHandler.file_complete

    def note(self: TemporaryFileUploadHandler, size: int) -> Upload | None:
        names.append(str(self.file_name))
        return complete(self, size)

    monkeypatch.setattr(TemporaryFileUploadHandler, "file_complete", note)
    return names


def files(count: int) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"{number}.log", b"log" * 40_000) for number in range(count)]


def test_nothing_of_a_file_of_the_signed_out_is_kept(client: Client, stored: list[str]) -> None:
    response = client.post("/tickets/new/", {"files": files(2), "description": "Typed"})
    assert response.status_code == 302
    assert stored == []


def test_no_more_files_are_kept_than_a_form_can_refuse(
    client: Client, contact: User, stored: list[str]
) -> None:
    client.force_login(contact)
    response = client.post("/tickets/new/", {"files": files(9), "description": "Typed"})
    assert "Send at most 3 files at once." in response.content.decode()
    assert len(stored) == 4


def test_as_many_files_as_are_allowed_are_kept(
    client: Client, contact: User, stored: list[str]
) -> None:
    client.force_login(contact)
    response = client.post("/tickets/new/", {"files": files(3), "description": "Typed"})
    assert "files at once" not in response.content.decode()
    assert len(stored) == 3
