"""Filing through the API: questions answered, and the special kinds with their facts."""

import uuid
from typing import Any

import pytest

from accounts.models import User
from entitlements.models import Contract
from tests.programs import program_of
from tickets.choices import FieldKind, TicketKind
from tickets.models import DatabaseRelease, FilingField, Product, ServiceRequest, Ticket
from tickets.operations.database_builds import publish_build
from tickets.operations.filing_fields import add_filing_field

TICKETS = "/api/v1/tickets/"
SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
INCIDENT = {
    "company": "northwind-logistics",
    "kind": "break_fix",
    "severity": 2,
    "subject": "Printing stopped",
    "description": "On all hosts.",
}
RELEASE = {
    **INCIDENT,
    "kind": "database_release",
    "database_release": {
        "finding": "false_positive",
        "build": "2026-03-10.2",
        "built_on": "2026-03-10",
        "detected_where": "label.sys on WS-0012",
        "hashes": [SHA.upper(), SHA],
    },
}
SERVICE = {
    **INCIDENT,
    "kind": "service",
    "severity": 4,
    "service_request": {"service": "question", "suits": "Before 11:00 ET"},
}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contract", "tuesday")]


@pytest.fixture
def gateway(administrator: User) -> Product:
    """A product of which two things are asked, one of them in any case."""
    product = Product.objects.create(name="Mail Gateway", versions=["5.2"])
    add_filing_field(label="Queue size", kind=FieldKind.NUMBER, product=product, by=administrator)
    add_filing_field(
        label="Role",
        kind=FieldKind.CHOICE,
        choices=["Inbound", "Outbound"],
        is_required=True,
        is_shown=False,
        product=product,
        ticket_kinds=[TicketKind.BREAK_FIX, TicketKind.PREMIUM],
        by=administrator,
    )
    return product


def about(product: Product, **answers: str) -> dict[str, Any]:
    return {**INCIDENT, "product": product.name, "answers": answers}


def errors(answer: Any) -> dict[str | None, str]:
    return {one["field"]: one["code"] for one in answer.json()["errors"]}


def test_what_is_asked_is_told(contact: User, gateway: Product) -> None:
    told = program_of(contact).get("/api/v1/filing/").json()
    assert told["products"] == [{"name": "Mail Gateway", "versions": ["5.2"]}]
    assert [(one["key"], one["is_required"]) for one in told["questions"]] == [
        ("queue-size", False),
        ("role", True),
    ]
    assert told["questions"][1] == {
        "key": "role",
        "label": "Role",
        "product": "Mail Gateway",
        "ticket_kinds": ["break_fix", "premium"],
        "kind": "choice",
        "choices": ["Inbound", "Outbound"],
        "is_required": True,
        "help_text": "",
    }


def test_answers_are_kept_and_customers_read_those_that_are_shown(
    contact: User, engineer: User, gateway: Product
) -> None:
    body = about(gateway, **{"queue-size": " 1,5 ", "role": "Inbound"})
    answer = program_of(contact).post(TICKETS, body)
    assert answer.status_code == 201
    assert answer.json()["answers"] == {"queue-size": "1.5"}
    read = program_of(engineer).get(f"{TICKETS}{answer.json()['number']}/").json()
    assert read["answers"] == {"queue-size": "1.5", "role": "Inbound"}


def test_every_wrong_answer_is_named_at_once(contact: User, gateway: Product) -> None:
    body = about(gateway, **{"queue-size": "many", "role": "Sideways", "colour": "red"})
    answer = program_of(contact).post(TICKETS, body)
    assert answer.status_code == 400
    assert errors(answer) == {
        "answers.queue-size": "invalid_input",
        "answers.role": "invalid_input",
        "answers.colour": "invalid_input",
    }
    missing = program_of(contact).post(TICKETS, {**INCIDENT, "product": "Mail Gateway"})
    assert errors(missing) == {"answers.role": "invalid_input"}
    assert missing.json()["errors"][0]["message"] == "Role: we need this to start."
    assert not Ticket.objects.exists()


def test_a_release_is_filed_with_its_facts(contact: User) -> None:
    answer = program_of(contact).post(TICKETS, RELEASE)
    assert answer.status_code == 201
    release = DatabaseRelease.objects.get()
    assert (release.finding, release.hashes) == ("false_positive", [SHA])
    assert answer.json()["kind"] == "database_release"
    assert answer.json()["database_release"] == {
        "finding": "false_positive",
        "build": "2026-03-10.2",
        "built_on": "2026-03-10",
        "detected_where": "label.sys on WS-0012",
        "detected_how": "",
        "hashes": [SHA],
    }
    assert answer.json()["service_request"] is None


def test_a_service_request_is_filed_with_its_service(contact: User) -> None:
    answer = program_of(contact).post(TICKETS, SERVICE)
    assert answer.status_code == 201
    assert ServiceRequest.objects.get().service == "question"
    assert answer.json()["service_request"] == {"service": "question", "suits": "Before 11:00 ET"}
    assert answer.json()["database_release"] is None


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({**RELEASE, "database_release": None}, {"database_release": "required"}),
        ({**SERVICE, "service_request": None}, {"service_request": "required"}),
        (
            {**INCIDENT, "service_request": SERVICE["service_request"]},
            {"service_request": "invalid"},
        ),
        ({**SERVICE, "severity": 1}, {"severity": "invalid"}),
        (
            {**RELEASE, "database_release": {"finding": "odd", "hashes": ["xyz"]}},
            {
                "database_release.finding": "invalid_choice",
                "database_release.build": "required",
                "database_release.detected_where": "required",
                "database_release.hashes": "invalid",
            },
        ),
    ],
)
def test_what_is_wrong_with_the_facts_is_named(
    contact: User, body: dict[str, Any], wrong: dict[str, str]
) -> None:
    answer = program_of(contact).post(TICKETS, body)
    assert answer.status_code == 400
    assert errors(answer) == wrong
    assert not Ticket.objects.exists()


def test_rules_name_the_part_of_the_facts_they_refuse(
    contact: User, contract: Contract, administrator: User
) -> None:
    program = program_of(contact)
    # MSA Business has no health check.
    service = {**SERVICE, "service_request": {"service": "health_check"}}
    answer = program.post(TICKETS, service)
    assert answer.status_code == 403
    assert errors(answer) == {"service_request.service": "not_allowed"}
    publish_build("2026-03-11.1", by=administrator)
    answer = program.post(TICKETS, RELEASE)
    assert errors(answer) == {"database_release.build": "old_database"}
    assert not Ticket.objects.exists()


def test_the_same_key_stands_for_answers_and_facts_too(contact: User, gateway: Product) -> None:
    program = program_of(contact)
    for body, other in (
        (
            about(gateway, **{"queue-size": "1,5", "role": "Inbound"}),
            about(gateway, role="Inbound"),
        ),
        (SERVICE, {**SERVICE, "service_request": {"service": "question"}}),
        (RELEASE, {**RELEASE, "database_release": {**RELEASE["database_release"], "hashes": []}}),  # type: ignore[dict-item]  # a mapping, written above
    ):
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        first, again = (program.post(TICKETS, body, headers=headers) for _ in range(2))
        assert first.json()["number"] == again.json()["number"]
        assert errors(program.post(TICKETS, other, headers=headers)) == {
            "Idempotency-Key": "key_reused"
        }
    assert Ticket.objects.count() == 3
    assert FilingField.objects.count() == 2


def test_the_schema_shows_a_body_of_each_kind(contact: User) -> None:
    schema = program_of(contact).get("/api/v1/schema/", headers={"Accept": "application/json"})
    filing = schema.json()["paths"]["/api/v1/tickets/"]["post"]["requestBody"]
    shown = filing["content"]["application/json"]["examples"]
    assert {one["value"]["kind"] for one in shown.values()} == {
        "premium",
        "database_release",
        "service",
    }
