"""What the API promises before a ticket is filed."""

from datetime import UTC, datetime

import pytest

from accounts.models import User
from entitlements.models import Contract, Customer
from tests.factories import entitlements as factory
from tests.programs import program_of

PROMISE = "/api/v1/tickets/promise/"
ASKED = {"company": "northwind-logistics", "kind": "premium", "severity": "2"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


def test_a_contact_is_told_the_concrete_time_and_what_it_takes(contact: User) -> None:
    told = program_of(contact).get(PROMISE, ASKED, format=None).json()
    assert told["can_be_filed"] is True
    assert told["refusal"] == ""
    promise = told["promise"]
    # MSA Business, High: 8 working hours in 09:00-19:00 ET, from Tue 10 Mar 2026, 11:00 ET.
    assert promise["target_seconds"] == 8 * 3600
    assert promise["due_at"] == "2026-03-10T23:00:00Z"
    assert promise["is_open"] is True
    assert promise["call_required"] is False
    assert promise["plan"] == "msa-business"
    assert told["incidents"] == {"used": 0, "total": 36, "left": 36, "until": "2026-12-31"}
    explained = told["explanation"]
    assert explained["sentence"].endswith("that is by Tue 10 Mar, 19:00 ET.")
    assert (explained["zone"], explained["calendar_version"]) == ("America/New_York", 1)
    assert explained["target_seconds"] == 8 * 3600
    (line,) = explained["rows"]
    assert (line["kind"], line["counted"], line["seconds"]) == ("counted", True, 8 * 3600)
    assert (line["starts_at"], line["ends_at"]) == ("2026-03-10T15:00:00Z", "2026-03-10T23:00:00Z")
    assert (line["from_date"], line["to_date"]) == ("2026-03-10", "2026-03-10")


def test_break_fix_has_no_promised_time_on_the_business_plan(contact: User) -> None:
    query = {**ASKED, "kind": "break_fix"}
    told = program_of(contact).get(PROMISE, query, format=None).json()
    assert told["can_be_filed"] is True
    assert told["promise"]["plan"] == "standard"
    assert told["promise"]["target_seconds"] is None
    assert told["promise"]["due_at"] is None
    assert told["explanation"] is None


def test_a_call_is_asked_for_out_of_hours(
    foreign_contact: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = program_of(foreign_contact)
    saturday = datetime(2026, 3, 14, 14, 12, tzinfo=UTC)  # 10:12 ET
    monkeypatch.setattr("django.utils.timezone.now", lambda: saturday)
    query = {**ASKED, "company": "eastgate-hospitals", "severity": "1"}
    promise = program.get(PROMISE, query, format=None).json()["promise"]
    # MSA Enterprise, Critical: 30 minutes around the clock, from the call; else from the next
    # opening of business hours, Mon 16 Mar, 09:00 ET.
    assert promise["call_required"] is True
    assert promise["due_at_if_called"] == "2026-03-14T14:42:00Z"
    assert promise["starts_at"] == "2026-03-16T13:00:00Z"
    assert promise["due_at"] == "2026-03-16T13:30:00Z"


def test_somebody_without_a_seat_is_told_why_not(colleague: User, contact: User) -> None:
    told = program_of(colleague).get(PROMISE, ASKED, format=None).json()
    assert told["can_be_filed"] is False
    assert (
        told["refusal"] == "Only technical contacts of Northwind Logistics file premium incidents."
    )


def test_a_company_on_standard_has_no_premium_promise(catalogue: object, engineer: User) -> None:
    customer = factory.make_customer("Tidewater Ferries")
    query = {**ASKED, "company": customer.slug}
    told = program_of(engineer).get(PROMISE, query, format=None).json()
    assert told["can_be_filed"] is False
    assert told["promise"] is None
    assert told["incidents"] is None


def test_another_tenants_promise_is_like_a_missing_one(
    contact: User, foreign_contract: Contract, foreign_customer: Customer
) -> None:
    program = program_of(contact)
    unseen = program.get(PROMISE, {**ASKED, "company": foreign_customer.slug}, format=None)
    missing = program.get(PROMISE, {**ASKED, "company": "nobody"}, format=None)
    assert (unseen.status_code, unseen.content) == (404, missing.content)


def test_what_is_missing_in_the_question_is_told_beside_its_key(contact: User) -> None:
    answer = program_of(contact).get(PROMISE, {"kind": "premium"}, format=None)
    assert answer.status_code == 400
    fields = {one["field"] for one in answer.json()["errors"]}
    assert fields == {"company", "severity"}
