from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent
from entitlements.errors import ContractConflict
from entitlements.models import Amendment, ContractYear, LedgerEntry, TopUpRequest
from entitlements.operations.contracts import suspend_contract
from entitlements.operations.incidents import open_contract_year
from entitlements.operations.top_ups import (
    decline_top_up,
    grant_top_up,
    request_top_up,
    withdraw_top_up,
)
from notifications.models import Notice
from tests.factories import entitlements as factory
from tests.racing import race, refusals

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


@pytest.fixture
def asked(contract, manager, administrator):
    open_contract_year(contract, day=NOW.date(), now=NOW)
    return request_top_up(contract, amount=6, reason="Two sites move.", by=manager, now=NOW)


def rows() -> list[Any]:
    models = (TopUpRequest, Amendment, LedgerEntry, ContractYear, AuditEvent, Notice)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def latest_audit() -> AuditEvent:
    return AuditEvent.objects.order_by("-pk")[0]


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient__name", flat=True))


def test_a_request_is_kept_recorded_and_told_to_those_who_answer(asked, contract, manager):
    assert (asked.amount, asked.asked_by, asked.asked_at) == (6, manager, NOW)
    assert asked.is_open
    assert (latest_audit().action, latest_audit().reason) == ("top-up requested", "Two sites move.")
    assert told("top_up_request") == {"Chidi Bello", "Ines Duarte"}  # and its own TAM
    assert Notice.objects.filter(path=f"/top-ups/{asked.pk}/").count() == 2


def test_granting_adds_to_the_year_and_tells_the_manager(asked, contract, administrator):
    granted = grant_top_up(asked, amount=4, answer="Four for now.", by=administrator, now=NOW)
    year = contract.years.get()
    assert year.balance == 40  # MSA Business has 36 a year
    assert granted.amendment is not None
    assert granted.amendment.amount == 4
    assert "Two sites move." in granted.amendment.reason
    assert (granted.outcome, granted.answered_by) == ("granted", administrator)
    assert latest_audit().action == "top-up granted"
    assert told("top_up_answered") == {"Elena Brandt"}
    assert Notice.objects.get(kind="top_up_answered").body == "Four for now."


def test_declining_needs_a_reason_and_adds_nothing(asked, contract, administrator):
    before = rows()
    with pytest.raises(InvalidInput) as refusal:
        decline_top_up(asked, answer="  ", by=administrator)
    assert refusal.value.field == "answer"
    assert rows() == before
    decline_top_up(asked, answer="Your plan changes in May.", by=administrator, now=NOW)
    assert contract.years.get().balance == 36
    assert latest_audit().action == "top-up declined"
    assert told("top_up_answered") == {"Elena Brandt"}


def test_a_request_is_answered_once(asked, manager, administrator):
    decline_top_up(asked, answer="No.", by=administrator, now=NOW)
    before = rows()
    with pytest.raises(ContractConflict):
        grant_top_up(asked, amount=6, answer="", by=administrator)
    with pytest.raises(ContractConflict):
        withdraw_top_up(asked, by=manager)
    assert rows() == before


def test_a_withdrawn_request_makes_room_for_another(asked, contract, manager):
    with pytest.raises(ContractConflict):
        request_top_up(contract, amount=2, reason="", by=manager, now=NOW)
    withdraw_top_up(asked, by=manager, now=NOW)
    assert latest_audit().action == "top-up withdrawn"
    assert request_top_up(contract, amount=2, reason="", by=manager, now=NOW).is_open


@pytest.mark.parametrize("amount", [0, -1, 1001])
def test_an_amount_out_of_reason_is_refused_beside_its_field(contract, manager, amount):
    with pytest.raises(InvalidInput) as refusal:
        request_top_up(contract, amount=amount, reason="", by=manager, now=NOW)
    assert refusal.value.field == "amount"
    assert not TopUpRequest.objects.exists()


@pytest.mark.parametrize("person", ["contact", "colleague", "foreign_contact", "tam", "engineer"])
def test_only_the_company_manager_asks_and_withdraws(request, asked, contract, person):
    by = request.getfixturevalue(person)
    before = rows()
    with pytest.raises(NotAllowed):
        request_top_up(contract, amount=6, reason="", by=by, now=NOW)
    with pytest.raises(NotAllowed):
        withdraw_top_up(asked, by=by)
    assert rows() == before


@pytest.mark.parametrize("person", ["manager", "tam", "support_manager", "engineer"])
def test_only_an_administrator_answers(request, asked, person):
    by = request.getfixturevalue(person)
    before = rows()
    with pytest.raises(NotAllowed):
        grant_top_up(asked, amount=6, answer="", by=by)
    with pytest.raises(NotAllowed):
        decline_top_up(asked, answer="No.", by=by)
    assert rows() == before


def test_nothing_is_asked_of_a_contract_without_a_limit_or_out_of_force(
    catalogue, customer, manager, administrator
):
    contract = factory.make_contract(customer, "msa-enterprise")
    with pytest.raises(ContractConflict, match="no limit"):
        request_top_up(contract, amount=6, reason="", by=manager, now=NOW)
    suspend_contract(contract, reason="Unpaid.", by=administrator, now=NOW)
    with pytest.raises(ContractConflict, match="not in force"):
        request_top_up(contract, amount=6, reason="", by=manager, now=NOW)


def test_the_database_holds_one_open_request_and_an_honest_answer(asked, contract, manager):
    def add(**given: Any) -> None:
        with transaction.atomic():
            TopUpRequest.objects.create(contract=contract, amount=1, asked_by=manager, **given)

    with pytest.raises(IntegrityError, match="a_contract_has_one_open_top_up_request"):
        add()
    with pytest.raises(IntegrityError, match="a_granted_top_up_names_its_amendment"):
        add(outcome="granted", answered_by=manager, answered_at=NOW)
    with pytest.raises(IntegrityError, match="a_declined_top_up_says_why"):
        add(outcome="declined", answered_by=manager, answered_at=NOW)
    with pytest.raises(IntegrityError, match="an_answered_top_up_says_when"):
        add(outcome="withdrawn")


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_answer_at_once_add_once(asked, contract, administrator):
    outcomes = race(
        lambda: grant_top_up(asked, amount=6, answer="", by=administrator, now=NOW),
        lambda: grant_top_up(asked, amount=6, answer="", by=administrator, now=NOW),
    )
    assert len(refusals(outcomes, ContractConflict)) == 1
    assert contract.years.get().balance == 42
