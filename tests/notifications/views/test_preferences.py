"""The page on which a person says how mail comes."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from notifications.choices import Reach, Topic
from notifications.operations.preferences import preferences_of

pytestmark = pytest.mark.django_db

PAGE = "/profile/mail/"
CHOICE: dict[str, Any] = {
    **{topic.value: "each" for topic in Topic},
    "answers": "digest",
    "digest_at": "07:30",
    "quiet_from": "19:00",
    "quiet_until": "07:00",
    "quiet_days": ["0", "1"],
}


def test_a_customer_is_asked_only_of_what_concerns_them(client: Client, contact: User) -> None:
    client.force_login(contact)
    page = client.get(PAGE).content.decode()
    assert 'name="answers"' in page
    assert 'name="roster"' not in page
    assert "critical ticket that you filed or follow" in page


def test_staff_are_asked_of_their_work_too(client: Client, engineer: User) -> None:
    client.force_login(engineer)
    page = client.get(PAGE).content.decode()
    assert 'name="roster"' in page
    assert 'name="work"' in page


def test_what_is_chosen_is_saved_and_shown_again(client: Client, contact: User) -> None:
    client.force_login(contact)
    assert client.post(PAGE, CHOICE).status_code == 302
    kept = preferences_of(contact)
    assert kept.reach_of(Topic.ANSWERS) == Reach.DIGEST
    assert kept.quiet_days == [0, 1]
    page = client.get(PAGE).content.decode()
    assert 'value="07:30"' in page
    assert 'value="digest" id="id_answers_1" checked' in page


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"quiet_until": ""}, "Say when the quiet hours end"),
        ({"quiet_from": "7 pm"}, "Write a time such as 19:00."),
        ({"quiet_days": []}, "Choose the days"),
        ({"digest_at": ""}, "Say when the digest comes, such as 08:00."),
        ({"answers": "sometimes"}, "Select a valid choice"),
    ],
)
def test_bad_input_stands_beside_its_field_and_is_kept(
    client: Client, contact: User, wrong: dict[str, Any], message: str
) -> None:
    client.force_login(contact)
    answer = client.post(PAGE, CHOICE | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(message) >= 2  # in the summary and beside the field
    if "quiet_from" in wrong:
        assert 'value="7 pm"' in page
    assert preferences_of(contact).choices == {}


def test_the_profile_leads_there(client: Client, contact: User) -> None:
    client.force_login(contact)
    assert f'href="{PAGE}"' in client.get("/profile/").content.decode()
