"""The pages of ladders: what they show, what an edit would change, and how it is saved."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from entitlements.models import Customer
from sla.models import Ladder
from tests.factories.ladders import DEADLINE, change_ladder
from tests.factories.tickets import make_ticket
from tests.tickets.views.reading import queries_of, words
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue", "tuesday")]

EDIT = "/ladders/high/edit/"


@pytest.fixture
def office(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    return client


@pytest.fixture
def ticket(contact: User, customer: Customer, tuesday: datetime) -> Ticket:
    """Half of its time is used at 15:00 ET."""
    return make_ticket(contact, customer, now=tuesday)


def typed(**changed: Any) -> dict[str, Any]:
    """Two steps: the duty lead at a quarter of the time, and the leaders at the deadline."""
    data = {
        "based_on": "1",
        "clocks": "open",
        "reason": "Quarter is early enough.",
        "amount_1": "25",
        "unit_1": "percent",
        "audience_1": ["duty_lead"],
        "action_1": "tell",
        "amount_2": "100",
        "unit_2": "percent",
        "audience_2": ["duty_lead", "tam"],
        "action_2": "raise",
        "amount_3": "",
        "unit_3": "percent",
        "action_3": "tell",
    }
    return data | changed


def look(office: Client, **changed: Any) -> Any:
    return office.post(EDIT, typed(then="look", **changed))


def digest_of(response: Any) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]*)"', response.content.decode())
    assert found is not None
    return found[1]


def save(office: Client, **changed: Any) -> Any:
    seen = digest_of(look(office, **changed))
    return office.post(EDIT, typed(then="save", seen=seen, **changed))


def test_the_list_draws_all_four_with_their_steps(office: Client, ticket: Ticket) -> None:
    response = office.get(reverse("ladder_list"))
    page = words(response)

    assert response.content.decode().count('<svg class="ribbon"') == 4
    for name in ("Basic", "Medium", "High", "Highest"):
        assert name in page
    assert "1 open clock · 4 service levels" in page
    assert "Every hour of coverage after the deadline" in page
    assert "from the plan catalogue" in page


def test_a_ladder_says_who_uses_it_and_what_comes_next(office: Client, ticket: Ticket) -> None:
    page = words(office.get(reverse("ladder", args=["high"])))

    assert "MSA Business High, answer within 8 working hours" in page
    assert "1 open clock" in page
    assert f"{ticket.reference} Label-printer driver" in page
    assert "at 50 % of the time Tue 10 Mar, 15:00 ET" in page
    assert "Change steps" in page


def test_those_who_only_read_get_no_button(client: Client, engineer: User) -> None:
    client.force_login(engineer)

    assert "Change steps" not in words(client.get(reverse("ladder", args=["high"])))
    assert client.get(EDIT).status_code == 403


def test_the_pages_ask_no_more_for_many_clocks(
    office: Client, contact: User, customer: Customer, tuesday: datetime
) -> None:
    paths = [reverse("ladder_list"), reverse("ladder", args=["high"])]
    make_ticket(contact, customer, now=tuesday)
    before = [queries_of(office, path) for path in paths]
    for number in range(6):
        make_ticket(contact, customer, now=tuesday + timedelta(minutes=number))

    assert [queries_of(office, path) for path in paths] == before


def test_the_form_shows_the_steps_that_hold(office: Client) -> None:
    page = office.get(EDIT).content.decode()

    assert 'name="amount_1" value="50"' in page
    assert 'name="amount_3" value="100"' in page
    assert 'name="amount_4" value="1"' in page
    assert 'name="amount_6"' in page  # two rows to add steps in
    assert "Show what it changes" in page


def test_looking_says_what_changes_and_changes_nothing(office: Client, ticket: Ticket) -> None:
    response = look(office)
    page = words(response)

    assert response.status_code == 200
    assert "What it changes" in page
    assert "No longer: At 50 % of the time" in page
    assert "New: At 25 % of the time the duty lead" in page
    assert "1 open clock climbs this ladder" in page
    assert "at 50 % of the time, Tue 10 Mar, 15:00 ET" in page
    assert "at 25 % of the time, Tue 10 Mar, 13:00 ET" in page
    assert "Save version 2" in page
    assert Ladder.objects.get(key="high").current.number == 1


def test_for_new_clocks_only_the_open_ones_are_said_to_keep_theirs(
    office: Client, ticket: Ticket
) -> None:
    page = words(look(office, clocks="new"))

    assert "1 open clock keeps the steps begun with" in page
    assert "Next step then" not in page


def test_what_was_looked_at_is_saved_with_its_reason(office: Client, ticket: Ticket) -> None:
    response = save(office)

    assert response.status_code == 302
    version = Ladder.objects.get(key="high").current
    assert (version.number, version.reason) == (2, "Quarter is early enough.")
    assert [str(step) for step in version.steps.all()] == [
        "at 25 % of the time",
        "at the deadline",
    ]
    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.ladder_version == version
    assert AuditEvent.objects.filter(action="ladder changed").count() == 1
    assert "Saved: High is version 2 now." in words(office.get(response["Location"]))


def test_what_was_changed_since_the_look_is_shown_first(office: Client) -> None:
    seen = digest_of(look(office))
    response = office.post(EDIT, typed(then="save", seen=seen, amount_1="40"))

    assert response.status_code == 200
    assert "You changed the steps since you looked" in words(response)
    assert Ladder.objects.get(key="high").current.number == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"amount_1": "much"}, "Give a number, such as 75 or 12.5."),
        ({"amount_1": "120"}, "Give a share of at most 100 %."),
        ({"audience_1": []}, "Say whom it tells."),
        ({"amount_2": "90"}, "Keep a step at the deadline"),
        ({"amount_3": "100", "audience_3": ["tam"]}, "Step 2 comes at the same moment."),
        (
            {"amount_1": "", "amount_3": "2", "unit_3": "minutes", "repeats_3": "on"}
            | {"audience_3": ["tam"]},
            "Repeat every 5 minutes or less often.",
        ),
    ],
)
def test_what_makes_no_ladder_is_said_beside_its_field_and_kept(
    office: Client, changed: dict[str, Any], said: str
) -> None:
    response = look(office, **changed)

    assert response.status_code == 422
    assert said in words(response)
    assert "Quarter is early enough." in response.content.decode()
    for name, value in changed.items():
        if name.startswith("amount_") and value:
            assert f'name="{name}" value="{value}"' in response.content.decode()


def test_a_reason_is_asked_for_when_saving(office: Client) -> None:
    response = save(office, reason=" ")

    assert response.status_code == 422
    assert "Say why: it stays with the version." in words(response)


def test_an_edit_of_an_old_version_is_refused_with_the_text_kept(
    office: Client, administrator: User
) -> None:
    seen = digest_of(look(office))
    change_ladder("high", administrator, [DEADLINE], reason="Fewer mails.")
    response = office.post(EDIT, typed(then="save", seen=seen))
    page = response.content.decode()

    assert response.status_code == 409
    assert "version 2 holds now" in words(response)
    assert "Fewer mails." in page
    assert 'name="amount_1" value="25"' in page
    assert "Quarter is early enough." in page
    assert 'name="based_on" value="2"' in page
    assert Ladder.objects.get(key="high").current.number == 2
    # Having looked at both, the same is saved on top.
    again = look(office, based_on="2")
    saved = office.post(EDIT, typed(then="save", seen=digest_of(again), based_on="2"))
    assert saved.status_code == 302
    assert Ladder.objects.get(key="high").current.number == 3


def test_a_step_between_minutes_is_edited_as_it_was_typed(office: Client) -> None:
    save(office, amount_3="0.5", unit_3="minutes", audience_3=["duty_lead"])
    assert 'name="amount_3" value="0.5"' in office.get(EDIT).content.decode()
