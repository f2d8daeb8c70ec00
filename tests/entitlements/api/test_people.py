"""A company manages its people, seats, invitations and requests through the API."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from entitlements.models import Contract, Customer, Invitation, TopUpRequest
from entitlements.operations.invitations import invite_person
from entitlements.operations.top_ups import request_top_up
from tests.programs import program_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contract", "tuesday")]

COMPANY = "/api/v1/companies/northwind-logistics"


def test_the_manager_reads_the_people_with_rights_and_seats(
    contact: User, manager: User, contract: Contract
) -> None:
    people = program_of(manager).get(f"{COMPANY}/people/").json()["results"]
    found = {one["name"]: one for one in people}
    assert found["Priya Raman"]["seat"] == contract.seat_holdings.get().pk
    assert (found["Elena Brandt"]["is_manager"], found["Elena Brandt"]["seat"]) == (True, None)
    assert found["Priya Raman"]["email"] == contact.email


def test_a_seat_is_given_passed_on_and_taken_back(
    contact: User, colleague: User, manager: User, contract: Contract
) -> None:
    program = program_of(manager)
    given = program.post(f"{COMPANY}/seats/", {"person": colleague.email})
    assert given.status_code == 201
    seat = given.json()["seat"]
    swapped = program.post(f"{COMPANY}/seats/{seat}/swap/", {"person": manager.email})
    assert swapped.json()["name"] == "Elena Brandt"
    passed = swapped.json()["seat"]
    assert program.delete(f"{COMPANY}/seats/{passed}/").status_code == 204
    holders = contract.seat_holdings.current().values_list("membership__user__name", flat=True)
    assert list(holders) == ["Priya Raman"]


def test_a_seat_of_a_stranger_and_for_a_stranger_is_refused(
    contact: User, manager: User, foreign_contact: User, foreign_contract: Contract
) -> None:
    program = program_of(manager)
    theirs = foreign_contract.seat_holdings.get()
    assert program.delete(f"{COMPANY}/seats/{theirs.pk}/").status_code == 404
    refused = program.post(f"{COMPANY}/seats/", {"person": foreign_contact.email})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"] == "person"


def test_an_invitation_is_sent_sent_again_and_withdrawn(
    manager: User, customer: Customer, tuesday: datetime
) -> None:
    program = program_of(manager)
    sent = program.post(f"{COMPANY}/invitations/", {"email": "new@northwind.example"})
    assert sent.status_code == 201
    told = sent.json()
    assert "link" not in told
    assert told["expires_at"] == "2026-03-17T15:00:00Z"
    again = program.post(f"{COMPANY}/invitations/", {"email": "new@northwind.example"})
    assert again.status_code == 422
    early = program.post(f"{COMPANY}/invitations/{told['key']}/sending/")
    assert early.status_code == 409
    Invitation.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    assert program.post(f"{COMPANY}/invitations/{told['key']}/sending/").status_code == 200
    assert program.delete(f"{COMPANY}/invitations/{told['key']}/").status_code == 204
    assert program.get(f"{COMPANY}/invitations/").json()["results"] == []


def test_nobody_reaches_the_invitations_of_another_company(
    manager: User, foreign_customer: Customer, administrator: User
) -> None:
    theirs = invite_person(
        foreign_customer,
        email="new@eastgate.example",
        is_manager=False,
        sees_company=False,
        gives_seat=False,
        by=administrator,
    )
    program = program_of(manager)
    assert program.delete(f"{COMPANY}/invitations/{theirs.pk}/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.is_open


def test_incidents_are_asked_for_and_granted(
    manager: User, administrator: User, contract: Contract
) -> None:
    asked = program_of(manager).post(f"{COMPANY}/top-ups/", {"amount": 6, "reason": "Audit."})
    assert asked.status_code == 201
    key = asked.json()["key"]
    assert program_of(manager).post(f"{COMPANY}/top-ups/", {"amount": 6}).status_code == 409
    granted = program_of(administrator).post(f"/api/v1/top-ups/{key}/grant/", {"amount": 4})
    assert (granted.status_code, granted.json()["outcome"]) == (200, "granted")
    listed = program_of(manager).get("/api/v1/top-ups/").json()["results"]
    assert [(one["amount"], one["outcome"]) for one in listed] == [(6, "granted")]


def test_a_request_is_declined_with_words_and_taken_back(
    manager: User, administrator: User, contract: Contract
) -> None:
    first = request_top_up(contract, amount=6, reason="", by=manager)
    program = program_of(administrator)
    assert program.post(f"/api/v1/top-ups/{first.pk}/refusal/", {}).status_code == 400
    said = program.post(f"/api/v1/top-ups/{first.pk}/refusal/", {"answer": "Ask for a plan."})
    assert said.json()["answer"] == "Ask for a plan."
    second = request_top_up(contract, amount=2, reason="", by=manager)
    back = program_of(manager).post(f"/api/v1/top-ups/{second.pk}/withdrawal/")
    assert back.json()["outcome"] == "withdrawn"
    assert TopUpRequest.objects.open().count() == 0
