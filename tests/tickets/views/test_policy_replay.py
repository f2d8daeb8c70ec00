"""The pages of policy replays: the form, the wait, the result."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from entitlements.models import Customer
from entitlements.policy_draft import HoursDraft, LevelDraft, PolicyDraft
from tests.factories.tickets import TUESDAY, make_ticket
from tickets.models import PolicyReplay, Ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.policy_replays import request_policy_replay
from tickets.policy_replay import continue_replays

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

NOW = TUESDAY + timedelta(days=20)
HOUR = timedelta(hours=1)
AN_HOUR = PolicyDraft(levels={2: LevelDraft(target=HOUR)})
ASKED = {"question": "High within an hour?", "target_2": "1 h", "then": "replay"}


def make_answered(contact: User, customer: Customer, engineer: User, count: int) -> list[Ticket]:
    tickets = [make_ticket(contact, customer) for _ in range(count)]
    for ticket in tickets:
        answer_ticket(ticket, body="So.", qualified=True, by=engineer, now=TUESDAY + 2 * HOUR)
    return tickets


def done(administrator: User) -> PolicyReplay:
    replay = request_policy_replay(AN_HOUR, question="An hour?", by=administrator, now=NOW)
    while continue_replays():
        pass
    replay.refresh_from_db()
    return replay


@pytest.fixture
def browser(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    return client


def test_the_list_invites_a_first_question(browser: Client) -> None:
    page = browser.get("/policy-replays/").text

    assert "Nothing asked yet" in page
    assert 'href="/policy-replays/new/"' in page


def test_a_question_is_taken_and_leads_to_its_page(browser: Client) -> None:
    answer = browser.post("/policy-replays/new/", ASKED)

    replay = PolicyReplay.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/policy-replays/{replay.pk}/")
    assert replay.draft == AN_HOUR
    assert replay.until - replay.since == timedelta(days=365)
    page = browser.get(answer["Location"]).text
    assert "Replaying tickets" in page
    assert f'hx-get="/policy-replays/{replay.pk}/progress/"' in page


def test_everything_of_the_form_becomes_a_draft(browser: Client) -> None:
    browser.post(
        "/policy-replays/new/",
        ASKED
        | {
            "plan": "msa-plus",
            "edition": "msa-business",
            "target_1": "90 min",
            "calendar_2": "always",
            "ladder_3": "highest",
            "target_4": "none",
            "hours_of": "msa-business-hours",
            "window_mon": "9:00-12:00, 13:00–17:00",
            "closed": "2026-12-24\n2026-12-31",
            "opened": "2026-11-27",
            "steps": "50 %\n100%\nafter 1 h\nevery 30 min plain",
        },
    )

    draft = PolicyReplay.objects.get().draft
    assert (draft.plan, draft.edition) == ("msa-plus", "msa-business")
    assert draft.levels == {
        1: LevelDraft(target=1.5 * HOUR),
        2: LevelDraft(target=HOUR, calendar="always"),
        3: LevelDraft(ladder="highest"),
        4: LevelDraft(is_without_target=True),
    }
    assert draft.hours is not None
    assert draft.hours.windows == {"mon": [["09:00", "12:00"], ["13:00", "17:00"]]}
    assert [day.isoformat() for day in draft.hours.closed] == ["2026-12-24", "2026-12-31"]
    assert [day.isoformat() for day in draft.hours.opened] == ["2026-11-27"]
    assert [(one.share, one.delay, one.repeats, one.counting) for one in draft.steps] == [
        (0.5, None, False, "covered"),
        (1, None, False, "covered"),
        (None, HOUR, False, "covered"),
        (None, HOUR / 2, True, "plain"),
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"question": ""}, "Ask a question: the result is kept under it."),
        ({"target_2": ""}, "Change something"),
        ({"target_2": "soon"}, "Write 2 h, 90 min, or none."),
        ({"target_2": "0 h"}, "Write 2 h, 90 min, or none."),
        ({"window_mon": "09:00–17:00"}, "Choose the calendar whose hours these are."),
        ({"hours_of": "always"}, "The calendar has no open window"),
        ({"hours_of": "always", "window_mon": "nine to five"}, "Write 09:00–17:00"),
        ({"hours_of": "always", "window_mon": "09:00–25:00"}, "is not a time"),
        ({"closed": "Christmas"}, "Write dates as 2026-12-24"),
        ({"steps": "50 %\nsometimes"}, "“sometimes” is no step."),
        ({"steps": "120 %"}, "“120 %” is no step."),
        ({"steps": "after a while"}, "“after a while” is no step."),
    ],
)
def test_what_makes_no_policy_is_said_and_kept(
    browser: Client, changed: dict[str, str], said: str
) -> None:
    answer = browser.post("/policy-replays/new/", ASKED | changed)

    assert answer.status_code == 422
    assert said in answer.text
    for text in (ASKED | changed).values():
        assert text.split("\n")[0] in answer.text
    assert not PolicyReplay.objects.exists()


def test_a_calendars_present_hours_are_filled_in(browser: Client) -> None:
    sent: dict[str, Any] = ASKED | {"hours_of": "msa-business-hours", "then": "fill"}
    answer = browser.post("/policy-replays/new/", sent)

    assert answer.status_code == 200
    assert answer.text.count('value="09:00–19:00"') == 5
    assert 'value="High within an hour?"' in answer.text
    assert not PolicyReplay.objects.exists()


def test_the_result_says_what_would_have_been(
    browser: Client, contact: User, customer: Customer, engineer: User, administrator: User
) -> None:
    (ticket,) = make_answered(contact, customer, engineer, 1)
    replay = done(administrator)

    page = browser.get(f"/policy-replays/{replay.pk}/").text

    assert "MSA Business" in page
    assert "answer within 1 h" in page
    assert f'href="/tickets/{ticket.number}/">{ticket.reference}</a>' in page
    assert "Tue 10 Mar, 19:00" in page
    assert "Tue 10 Mar, 12:00" in page
    assert ticket.reference in browser.get(f"/policy-replays/{replay.pk}/?flip=met-missed").text
    assert ticket.reference not in browser.get(f"/policy-replays/{replay.pk}/?flip=missed-met").text


def test_a_replay_is_cancelled_by_its_button(
    browser: Client, contact: User, customer: Customer, engineer: User, administrator: User
) -> None:
    make_answered(contact, customer, engineer, 1)
    replay = request_policy_replay(AN_HOUR, question="An hour?", by=administrator, now=NOW)

    answer = browser.post(f"/policy-replays/{replay.pk}/cancellation/")

    assert answer.status_code == 302
    page = browser.get(answer["Location"]).text
    assert "Cancelled by" in page
    assert "Cancelled" in browser.get("/policy-replays/").text
    assert browser.get(f"/policy-replays/{replay.pk}/progress/")["HX-Refresh"] == "true"
    assert browser.post(f"/policy-replays/{replay.pk}/cancellation/").status_code == 409


def test_hours_and_steps_are_told_in_words(browser: Client, administrator: User) -> None:
    draft = PolicyDraft(hours=HoursDraft("always", {"mon": [["09:00", "12:00"]]}))
    replay = request_policy_replay(draft, question="Mondays?", by=administrator, now=NOW)

    assert "Mon 09:00–12:00" in browser.get(f"/policy-replays/{replay.pk}/").text


def test_the_pages_cost_the_same_with_one_row_and_with_twenty(
    browser: Client, contact: User, customer: Customer, engineer: User, administrator: User
) -> None:
    costs = []
    for count in (1, 19):
        make_answered(contact, customer, engineer, count)
        for _ in range(count):
            replay = done(administrator)
        browser.get("/policy-replays/")
        for address in ("/policy-replays/", f"/policy-replays/{replay.pk}/"):
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(address).status_code == 200
            costs.append(len(captured))
    assert costs[:2] == costs[2:]
