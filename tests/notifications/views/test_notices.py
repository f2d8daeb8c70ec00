"""The page of a person's notices."""

import pytest
from django.test import Client

from accounts.models import User
from notifications.models import Notice
from notifications.operations import notify

pytestmark = pytest.mark.django_db


def tell(user: User, key: str, path: str = "/tickets/") -> Notice:
    return notify([user], key=key, kind="test", subject=f"Told {key}", body="A line.", path=path)[0]


def test_the_page_is_for_the_signed_in(client: Client) -> None:
    assert client.get("/notices/").status_code == 302
    for path in ("/notices/1/", "/notices/reading/"):
        assert client.post(path).status_code == 302


def test_methods_are_kept_apart(client: Client, contact: User) -> None:
    client.force_login(contact)
    assert client.post("/notices/").status_code == 405
    assert client.get("/notices/1/").status_code == 405
    assert client.get("/notices/reading/").status_code == 405


@pytest.mark.parametrize("who", ["contact", "engineer"])
def test_people_see_their_own_notices(
    client: Client, request: pytest.FixtureRequest, foreign_contact: User, who: str
) -> None:
    user = request.getfixturevalue(who)
    tell(user, "mine")
    tell(foreign_contact, "theirs")
    client.force_login(user)
    page = client.get("/notices/").content.decode()
    assert "Told mine" in page
    assert "Told theirs" not in page
    assert "Mark all as read" in page


def test_nobody_told_anything_sees_that(client: Client, colleague: User) -> None:
    client.force_login(colleague)
    assert "No notices" in client.get("/notices/").content.decode()


def test_opening_a_notice_reads_it_and_leads_on(client: Client, contact: User) -> None:
    notice = tell(contact, "one")
    client.force_login(contact)
    assert f'formaction="/notices/{notice.pk}/"' in client.get("/notices/").content.decode()
    response = client.post(f"/notices/{notice.pk}/")
    assert response["Location"] == "/tickets/"
    notice.refresh_from_db()
    assert notice.read_at is not None


@pytest.mark.parametrize("path", ["", "//evil.example/", "https://evil.example/"])
def test_a_notice_never_leads_out_of_the_portal(client: Client, contact: User, path: str) -> None:
    notice = tell(contact, "out", path)
    client.force_login(contact)
    assert client.post(f"/notices/{notice.pk}/")["Location"] == "/notices/"


def test_a_notice_of_somebody_else_is_not_found(
    client: Client, contact: User, foreign_contact: User
) -> None:
    notice = tell(foreign_contact, "theirs")
    client.force_login(contact)
    assert client.post(f"/notices/{notice.pk}/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_are_read_at_once_and_nobody_elses(
    client: Client, contact: User, foreign_contact: User
) -> None:
    for key in ("one", "two"):
        tell(contact, key)
    tell(foreign_contact, "theirs")
    client.force_login(contact)
    assert client.post("/notices/reading/")["Location"] == "/notices/"
    assert not Notice.objects.visible_to(contact).unread().exists()
    assert Notice.objects.visible_to(foreign_contact).unread().count() == 1


def test_following_a_link_to_a_notice_reads_nothing(client: Client, contact: User) -> None:
    notice = tell(contact, "one")
    client.force_login(contact)
    assert client.get(f"/notices/{notice.pk}/").status_code == 405
    notice.refresh_from_db()
    assert notice.read_at is None
