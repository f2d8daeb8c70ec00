"""Clock audits and policy replays through the API."""

from datetime import timedelta

import pytest

from accounts.models import User
from entitlements.models import Contract, Customer
from sla.clock_audit import continue_audits
from sla.models import Clock
from tests.factories.tickets import make_ticket
from tests.programs import program_of
from tickets.models import PolicyReplay, Ticket
from tickets.policy_replay import continue_replays

AUDITS, REPLAYS = "/api/v1/clock-audits/", "/api/v1/policy-replays/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(contact: User, customer: Customer, contract: Contract) -> Ticket:
    return make_ticket(contact, customer)


def test_an_audit_is_begun_and_its_findings_name_the_tickets(
    ticket: Ticket, duty_lead: User
) -> None:
    clock = Clock.objects.get()
    Clock.objects.update(due_at=clock.due_at + timedelta(hours=1))  # type: ignore[operator]  # this clock has one
    program = program_of(duty_lead)

    begun = program.post(AUDITS)
    assert (begun.status_code, begun.json()["state"]) == (201, "running")
    assert program.post(AUDITS).status_code == 409
    continue_audits()

    one = f"{AUDITS}{begun.json()['key']}/"
    read = program.get(one).json()
    assert (read["state"], read["done"], read["differing"], read["raising"]) == (
        "complete",
        1,
        1,
        0,
    )
    assert [row["key"] for row in program.get(AUDITS).json()["results"]] == [read["key"]]
    (finding,) = program.get(f"{one}findings/").json()["results"]
    assert (finding["ticket"], finding["field"]) == (ticket.number, "due_at")


POLICY = {
    "levels": {"2": {"target_minutes": 30}},
    "hours": {"calendar": "msa-business-hours", "windows": {"mon": [["09:00", "17:00"]]}},
    "steps": [{"share": "0.5"}, {"share": "1"}, {"delay_minutes": 60, "repeats": True}],
}


def test_a_policy_is_replayed_and_its_figures_read(ticket: Ticket, administrator: User) -> None:
    Ticket.objects.update(filed_at=ticket.filed_at)
    program = program_of(administrator)
    asked = program.post(REPLAYS, {"question": "Half an hour?", "policy": POLICY})
    assert asked.status_code == 201
    assert asked.json()["policy"]["levels"]["2"]["target_minutes"] == 30
    PolicyReplay.objects.update(
        since=ticket.filed_at - timedelta(days=1), until=ticket.filed_at + timedelta(days=1)
    )
    PolicyReplay.objects.update(last=ticket.pk, total=1)
    continue_replays()

    one = f"{REPLAYS}{asked.json()['key']}/"
    read = program.get(one).json()
    assert (read["state"], read["done"], read["question"]) == ("complete", 1, "Half an hour?")
    assert [line["tickets"] for line in read["lines"]] == [1]
    assert program.get(f"{one}tickets/?flip=met-missed").status_code == 200
    assert program.get(f"{one}tickets/?flip=what").status_code == 400
    assert program.post(f"{one}cancellation/").status_code == 409


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        ({"plan": "nowhere", "edition": "msa-plus"}, "plan"),
        ({"edition": "nowhere"}, "edition"),
        ({"levels": {"5": {"target_minutes": 30}}}, "levels"),
        ({"levels": {"2": {"target_minutes": 0}}}, "levels"),
        ({"levels": {"2": {"calendar": "nowhere"}}}, "levels"),
        ({"hours": {"calendar": "msa-business-hours", "windows": {}}}, "hours"),
        ({"hours": {"calendar": "x", "windows": {"mon": [["09:00"]]}}}, "hours"),
        ({"steps": [{}]}, "steps"),
        ({"steps": [{"share": "0.5", "delay_minutes": 5}]}, "steps"),
        ({"steps": [{"share": "0.5", "repeats": True}]}, "steps"),
        ({"tickets": "all"}, "tickets"),
    ],
)
def test_a_policy_that_is_none_is_refused_beside_its_field(
    policy: dict[str, object], field: str, administrator: User, contract: Contract
) -> None:
    answer = program_of(administrator).post(REPLAYS, {"question": "What if?", "policy": policy})
    assert answer.status_code == 400
    assert field in answer.content.decode()
    assert not PolicyReplay.objects.exists()


def test_a_policy_that_changes_nothing_is_refused(administrator: User, contract: Contract) -> None:
    answer = program_of(administrator).post(REPLAYS, {"question": "What if?", "policy": {}})
    assert answer.status_code == 422
