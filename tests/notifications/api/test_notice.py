"""Notices through the API: one's own, newest first, read once."""

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from notifications.models import Notice
from notifications.operations import notify
from tests.programs import program_of

NOTICES = "/api/v1/notices/"

pytestmark = pytest.mark.django_db


def tell(user: User, key: str, now: datetime) -> Notice:
    (notice,) = notify([user], key=key, kind="test", subject=key, body="Text.", now=now)
    return notice


def test_a_person_lists_own_notices_newest_first(
    contact: User, colleague: User, tuesday: datetime
) -> None:
    tell(contact, "first", tuesday)
    tell(contact, "second", tuesday + timedelta(hours=1))
    tell(colleague, "other", tuesday)
    listed = program_of(contact).get(NOTICES).json()["results"]
    assert [one["subject"] for one in listed] == ["second", "first"]
    assert listed[1]["created_at"] == "2026-03-10T15:00:00Z"


def test_a_notice_is_marked_as_read_once(contact: User, tuesday: datetime) -> None:
    notice = tell(contact, "first", tuesday - timedelta(hours=1))
    program = program_of(contact)
    for _ in range(2):
        told = program.post(f"{NOTICES}{notice.pk}/reading/")
        assert told.status_code == 200
        assert told.json()["read_at"] == "2026-03-10T15:00:00Z"


def test_nobody_reads_anothers_notice(contact: User, colleague: User, tuesday: datetime) -> None:
    notice = tell(contact, "first", tuesday)
    answer = program_of(colleague).post(f"{NOTICES}{notice.pk}/reading/")
    assert answer.status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None
