"""One shape for every refusal, and nothing of our insides in it."""

import json
import logging
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from rest_framework import serializers
from rest_framework.exceptions import APIException, Throttled, ValidationError
from rest_framework.test import APIClient

from accounts.errors import DomainError, InvalidInput, NotAllowed
from accounts.models import User
from entitlements.errors import QuotaExhausted
from supportportal.api_errors import NOT_FOUND, handle_exception
from tests.programs import program_of
from tickets.models import Ticket

TICKETS = "/api/v1/tickets/"


@pytest.fixture
def program(contact: User, tuesday: object) -> APIClient:
    return program_of(contact)


@pytest.mark.parametrize(
    ("error", "status", "expected"),
    [
        (
            QuotaExhausted("None is left."),
            409,
            {"field": None, "message": "None is left.", "code": "quota_exhausted"},
        ),
        (
            InvalidInput("Say why.", field="reason"),
            422,
            {"field": "reason", "message": "Say why.", "code": "invalid_input"},
        ),
        (
            NotAllowed("Only engineers."),
            403,
            {"field": None, "message": "Only engineers.", "code": "not_allowed"},
        ),
        (
            Http404("No Ticket matches the given query."),
            404,
            {"field": None, "message": NOT_FOUND, "code": "not_found"},
        ),
        (
            PermissionDenied("secret"),
            403,
            {"field": None, "message": "You may not do this.", "code": "not_allowed"},
        ),
        (
            RequestDataTooBig("secret"),
            413,
            {"field": None, "message": "That was more than we take at once.", "code": "too_large"},
        ),
        (
            ValidationError({"a": {"b": ["Wrong."]}}),
            400,
            {"field": "a.b", "message": "Wrong.", "code": "invalid"},
        ),
        (
            ValidationError("Wrong as a whole."),
            400,
            {"field": None, "message": "Wrong as a whole.", "code": "invalid"},
        ),
        (
            ValidationError({"non_field_errors": ["Wrong as a whole."]}),
            400,
            {"field": None, "message": "Wrong as a whole.", "code": "invalid"},
        ),
        (
            APIException("Later."),
            500,
            {"field": None, "message": "Later.", "code": "error"},
        ),
    ],
)
def test_each_refusal_has_its_status_and_the_one_shape(
    error: Exception, status: int, expected: dict[str, str | None]
) -> None:
    answer = handle_exception(error, {})
    assert answer.status_code == status
    assert answer.data == {"errors": [expected]}


def test_every_problem_of_a_body_is_told_at_once() -> None:
    class Form(serializers.Serializer[object]):
        name = serializers.CharField()
        count = serializers.IntegerField()

    form = Form(data={"count": "many"})
    assert not form.is_valid()
    answer = handle_exception(ValidationError(form.errors), {})
    assert [(one["field"], one["code"]) for one in answer.data["errors"]] == [
        ("name", "required"),
        ("count", "invalid"),
    ]


def test_a_throttled_program_is_told_when_to_come_back() -> None:
    answer = handle_exception(Throttled(wait=41.2), {})
    assert (answer.status_code, answer["Retry-After"]) == (429, "42")
    assert answer.data["errors"][0]["code"] == "throttled"


def test_what_we_did_not_foresee_is_logged_and_tells_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = handle_exception(RuntimeError("password=hunter2 in <SELECT * FROM>"), {})
    assert answer.status_code == 500
    text = json.dumps(answer.data)
    assert "hunter2" not in text
    assert "SELECT" not in text
    assert "RuntimeError" not in text
    reference = answer.data["errors"][0]["message"].split()[-1].rstrip(".")
    assert reference in caplog.text
    assert "hunter2" in caplog.text


@pytest.mark.django_db
def test_a_fault_inside_a_resource_is_500_in_the_same_shape(
    program: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("inside")

    monkeypatch.setattr("tickets.api.ticket.file_ticket", fail)
    answer = program.post(TICKETS, FILING)
    assert answer.status_code == 500
    assert answer.json()["errors"][0]["code"] == "server_error"
    assert "inside" not in answer.content.decode()


FILING = {
    "company": "northwind-logistics",
    "kind": "break_fix",
    "severity": 3,
    "subject": "Printers stopped",
    "description": "All of them.",
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'"text"', 400),
        (b'{"severity": NaN}', 400),
        (b'{"severity": 1, "severity": 2}', 400),
        (b"\xff\xfe", 400),
        (b'{"severity": ' + b"9" * 5000 + b"}", 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, 400),
        (b'{"description": "' + b"x" * (1024 * 1024) + b'"}', 413),
        (b"x" * (3 * 1024 * 1024), 413),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_a_body_nobody_can_read_is_refused(program: APIClient, body: Any, status: int) -> None:
    answer = program.generic("POST", TICKETS, body, "application/json")
    assert answer.status_code == status
    assert set(answer.json()) == {"errors"}
    assert not Ticket.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"severity": 10**30}, "severity"),
        ({"severity": True}, "severity"),
        ({"severity": [1]}, "severity"),
        ({"severity": None}, "severity"),
        ({"kind": "outage"}, "kind"),
        ({"kind": "database_release"}, "database_release"),
        ({"subject": "x" * 201}, "subject"),
        ({"subject": "   "}, "subject"),
        ({"subject": "a\x00b"}, "subject"),
        ({"description": {"$gt": ""}}, "description"),
        ({"description": "x" * 50_001}, "description"),
        ({"criteria": ["made up"]}, "criteria"),
        ({"criteria": "business stopped"}, "criteria"),
        ({"product": "Nothing we sell"}, "product"),
        ({"product": "a\x00b"}, "product"),
        ({"company": "nobody"}, "company"),
        ({"company": "Northwind-Logistics"}, "company"),
        ({"company": "northwind"}, "company"),
        ({"company": "eastgate-hospitals"}, "company"),
        # What only the portal or staff decide is refused, never silently dropped.
        ({"requester": 1}, "requester"),
        ({"filed_by": 1}, "filed_by"),
        ({"is_staff": True}, "is_staff"),
        ({"state": "closed"}, "state"),
        ({"due_at": "2030-01-01T00:00:00Z"}, "due_at"),
        ({"channel": "phone"}, "channel"),
        ({"on_behalf_of": "owen.hart@eastgate-hospitals.example"}, "on_behalf_of"),
    ],
    ids=repr,
)
def test_a_wrong_value_is_refused_beside_its_field(
    program: APIClient, foreign_contact: User, change: dict[str, object], field: str
) -> None:
    answer = program.post(TICKETS, {**FILING, **change})
    assert answer.status_code == 400
    assert field in {str(one["field"]).split(".")[0] for one in answer.json()["errors"]}
    assert "Eastgate" not in answer.content.decode()
    assert not Ticket.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "ordering=customer__contracts",
        "fields=password",
        "expand=customer",
        "customer__memberships__user__password__startswith=a",
        "filed_by__api_tokens__digest=a",
        "limit=1000000000",
        "state=new&state=closed",
        "state=deleted",
        "severity=5",
        "severity=1%00",
        "assignee=1",
        "q=a%00b",
        "page_size=0",
        "page_size=-1",
        "page_size=many",
        "page_size=" + "9" * 5000,
        "cursor=nonsense",
        "cursor=cD0lMDA=",  # p=%00
        "cursor=cD1hYmM=",  # p=abc
        "cursor=" + "cD05" + "OTk5" * 2000,
        "q=" + "x" * 201,
    ],
    ids=lambda text: text[:40],
)
def test_a_query_nobody_knows_is_refused(program: APIClient, query: str) -> None:
    answer = program.get(f"{TICKETS}?{query}")
    assert answer.status_code == 400
    assert set(answer.json()) == {"errors"}


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["'", '"', "a & | !", "100%", "\\", "(((", "TK-", "９９"])
def test_any_words_can_be_searched_for(program: APIClient, words: str) -> None:
    answer = program.get(TICKETS, {"q": words}, format=None)
    assert answer.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"kind": "\ud800"}, {"\ud800": 1}])
def test_half_a_character_is_refused_and_can_be_said_again(
    program: APIClient, change: dict[str, object]
) -> None:
    body = json.dumps({**FILING, **change})
    answer = program.generic("POST", TICKETS, body, "application/json")
    assert answer.status_code == 400
    assert "?" in answer.content.decode()


@pytest.mark.django_db
def test_unseen_missing_and_unknown_answer_with_the_same_body(
    program: APIClient, foreign_contact: User
) -> None:
    foreign = program_of(foreign_contact).post(TICKETS, {**FILING, "company": "eastgate-hospitals"})
    assert foreign.status_code == 201
    number = foreign.json()["number"]
    answers = [
        program.get(f"{TICKETS}{number}/"),
        program.get(f"{TICKETS}{number + 1000}/"),
        program.get(f"{TICKETS}{'9' * 40}/"),
        program.get(f"{TICKETS}{'9' * 5000}/"),
        program.get(f"{TICKETS}{number}/messages/"),
        program.get(f"{TICKETS}{number}/notes/"),
        program.post(f"{TICKETS}{number}/messages/", {"nonsense": True}),
        program.get("/api/v1/companies/eastgate-hospitals/contract/"),
        program.get("/api/v1/companies/nobody/contract/"),
        program.get("/api/v1/nowhere"),
        program.get("/api/v1/"),
    ]
    assert {one.status_code for one in answers} == {404}
    assert {one["Cache-Control"] for one in answers} == {"no-store"}
    assert len({one.content for one in answers}) == 1


@pytest.mark.django_db
def test_domain_errors_of_operations_arrive_in_the_shape(program: APIClient) -> None:
    number = program.post(TICKETS, FILING).json()["number"]
    answer = program.post(f"{TICKETS}{number}/reopening/", {})
    assert issubclass(DomainError, Exception)
    assert answer.status_code == 409
    assert answer.json() == {
        "errors": [
            {
                "field": None,
                "message": "Only a ticket resolved within the last 14 days is reopened.",
                "code": "invalid_transition",
            }
        ]
    }
