from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from entitlements.choices import AmendmentKind, ContractState, EntryKind
from entitlements.errors import ContractConflict, ContractOverlap, SeatLimitReached
from entitlements.models import Amendment, Contract, ContractYear, Edition, LedgerEntry
from entitlements.operations import contracts as operations
from entitlements.operations import signing
from entitlements.operations.incidents import credit_incident, debit_incident
from entitlements.operations.seats import give_seat
from tests.factories import entitlements as factory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


def edition(key: str) -> Edition:
    return Edition.objects.get(key=key)


def rows() -> list[Any]:
    """Everything a refused change must leave alone."""
    models = (Contract, ContractYear, LedgerEntry, Amendment, AuditEvent)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def entries(contract: Contract) -> list[tuple[str, int]]:
    found = LedgerEntry.objects.filter(year__contract=contract).order_by("pk")
    return list(found.values_list("kind", "amount"))


def latest_audit() -> AuditEvent:
    return AuditEvent.objects.order_by("-pk")[0]


def test_signing_opens_the_first_year_with_its_grant(catalogue, customer, administrator):
    contract = signing.sign_contract(
        customer,
        number="C-1",
        edition=edition("msa-business"),
        starts_on=date(2026, 4, 1),
        ends_on=date(2027, 3, 31),
        zone="America/New_York",
        by=administrator,
        now=NOW,
    )
    assert contract.seat_limit == 4
    assert contract.signed_at == NOW
    year = contract.years.get()
    assert (year.starts_on, year.ends_on, year.balance) == (
        date(2026, 4, 1),
        date(2027, 3, 31),
        36,
    )
    assert entries(contract) == [(EntryKind.GRANT, 36)]
    event = latest_audit()
    assert (event.action, event.by, event.subject, event.at) == (
        "contract signed",
        administrator,
        "C-1",
        NOW,
    )
    assert event.changes["edition"] == ["", "MSA Business"]
    assert event.changes["term"] == ["", "2026-04-01 to 2027-03-31"]


def test_an_enterprise_contract_opens_an_unlimited_year(foreign_contract):
    year = foreign_contract.years.get()
    assert year.is_unlimited
    assert entries(foreign_contract) == [(EntryKind.GRANT, 0)]


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"number": "C-2026-0417"}, (InvalidInput, "number")),
        ({"ends_on": date(2026, 12, 31)}, (InvalidInput, "ends_on")),
        ({"edition": "standard"}, (InvalidInput, "edition")),
        ({"starts_on": date(2026, 12, 31)}, (ContractOverlap, "starts_on")),
        ({"zone": "Mars/Olympus"}, (ValidationError, None)),
    ],
)
def test_a_wrong_contract_is_refused_beside_its_field(
    contract, customer, administrator, changed, refused
):
    error, field = refused
    facts: dict[str, Any] = {
        "number": "C-2",
        "edition": "msa-business",
        "starts_on": date(2027, 1, 1),
        "ends_on": date(2027, 12, 31),
        "zone": "America/New_York",
    } | changed
    facts["edition"] = edition(facts["edition"])
    before = rows()
    with pytest.raises(error) as refusal:
        signing.sign_contract(customer, **facts, by=administrator, now=NOW)
    if field:
        assert refusal.value.field == field
    assert rows() == before


def test_an_unpublished_edition_cannot_be_signed(contract, customer, administrator):
    draft = Edition.objects.get(key="msa-plus")
    draft.pk, draft.key, draft.published_at = None, "msa-plus-2027", None
    draft.save()
    before = rows()
    with pytest.raises(InvalidInput):
        signing.sign_contract(
            customer,
            number="C-2",
            edition=draft,
            starts_on=date(2027, 1, 1),
            ends_on=date(2027, 12, 31),
            zone="America/New_York",
            by=administrator,
        )
    assert rows() == before


def test_contracts_may_follow_each_other_without_a_gap(contract, customer):
    following = factory.make_contract(
        customer, number="C-2", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    assert following.state(date(2026, 12, 31)) == ContractState.UPCOMING


def test_a_terminated_contract_leaves_its_remaining_days_free(contract, customer, administrator):
    operations.terminate_contract(
        contract, last_day=date(2026, 6, 30), reason="Merged.", by=administrator, now=NOW
    )
    following = factory.make_contract(customer, number="C-2", starts_on=date(2026, 7, 1))
    assert following.pk


def test_a_contract_ended_early_takes_no_day_back_that_another_has(
    contract, customer, administrator
):
    def end(last_day: date) -> None:
        operations.terminate_contract(
            contract, last_day=last_day, reason="Merged.", by=administrator, now=NOW
        )

    end(date(2026, 5, 31))
    end(date(2026, 6, 30))
    factory.make_contract(customer, number="C-2", starts_on=date(2026, 7, 1))
    before = rows()
    with pytest.raises(ContractOverlap) as refusal:
        end(date(2026, 7, 1))
    assert refusal.value.field == "last_day"
    assert rows() == before


def test_a_contract_cancelled_before_it_begins_leaves_all_its_days_free(
    contract, customer, contact, administrator
):
    mistaken = factory.make_contract(
        customer, number="C-2", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    for one in (contract, mistaken):
        one.refresh_from_db()
    assert mistaken.seats_held == contract.seats_held > 0
    amendment = operations.cancel_contract(
        mistaken, reason="Signed for another company.", by=administrator, now=NOW
    )

    mistaken.refresh_from_db()
    assert amendment.kind == AmendmentKind.CANCELLATION
    assert mistaken.state(date(2026, 12, 30)) == ContractState.CANCELLED
    assert mistaken.state(date(2027, 6, 1)) == ContractState.CANCELLED
    assert not mistaken.is_in_force(date(2027, 1, 1))
    assert not mistaken.is_in_force(date(2026, 12, 31))
    assert mistaken.seats_held == 0
    taken_back = AuditEvent.objects.filter(action="seat taken back", subject="C-2")
    assert taken_back.count() == contract.seats_held
    # Of the contract before it nothing was taken, and the next one takes over from that.
    right = factory.make_contract(
        customer, number="C-3", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    contract.refresh_from_db()
    right.refresh_from_db()
    assert right.seats_held == contract.seats_held > 0


def test_a_cancelled_contract_takes_no_seat_when_its_days_have_come(
    contract, customer, contact, administrator
):
    mistaken = factory.make_contract(
        customer, number="C-2", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    operations.cancel_contract(mistaken, reason="Mistake.", by=administrator, now=NOW)
    Contract.objects.filter(pk=mistaken.pk).update(
        starts_on=date(2026, 5, 1), terminated_on=date(2026, 4, 30)
    )
    assert contract.seat_holdings.lasting().count() == 1


def test_a_contract_that_has_begun_is_not_cancelled(contract, administrator):
    before = rows()
    with pytest.raises(ContractConflict, match="has begun"):
        operations.cancel_contract(contract, reason="Mistake.", by=administrator, now=NOW)
    assert rows() == before


def test_a_cancelled_contract_is_amended_no_more(catalogue, customer, administrator):
    mistaken = factory.make_contract(
        customer, number="C-2", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    operations.cancel_contract(mistaken, reason="Mistake.", by=administrator, now=NOW)
    before = rows()
    with pytest.raises(ContractConflict, match="ended"):
        operations.terminate_contract(
            mistaken, last_day=date(2027, 6, 30), reason="Again.", by=administrator, now=NOW
        )
    assert rows() == before


def test_nobody_is_given_a_seat_of_a_cancelled_contract(contract, customer, contact, administrator):
    mistaken = factory.make_contract(
        customer, number="C-2", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    operations.cancel_contract(mistaken, reason="Mistake.", by=administrator, now=NOW)
    with pytest.raises(ContractConflict, match="cancelled"):
        give_seat(mistaken, contact.memberships.get(), by=administrator, now=NOW)
    assert not mistaken.seat_holdings.current().exists()


@pytest.mark.parametrize("person", ["engineer", "duty_lead", "tam", "manager", "contact"])
def test_only_an_administrator_signs_and_amends(request, contract, customer, person):
    by = request.getfixturevalue(person)
    before = rows()
    with pytest.raises(NotAllowed):
        signing.sign_contract(
            customer,
            number="C-2",
            edition=edition("msa-plus"),
            starts_on=date(2027, 1, 1),
            ends_on=date(2027, 12, 31),
            zone="America/New_York",
            by=by,
        )
    with pytest.raises(NotAllowed):
        operations.add_seats(contract, amount=1, reason="Please.", by=by, now=NOW)
    with pytest.raises(NotAllowed):
        operations.terminate_contract(
            contract, last_day=date(2026, 6, 30), reason="Please.", by=by, now=NOW
        )
    assert rows() == before


def test_an_upgrade_adds_the_difference_of_incidents_and_seats(customer, catalogue, administrator):
    contract = factory.make_contract(customer, "msa-plus")
    amendment = operations.change_edition(
        contract,
        edition=edition("msa-business"),
        reason="Second warehouse.",
        by=administrator,
        now=NOW,
    )
    contract.refresh_from_db()
    assert (contract.edition.key, contract.seat_limit) == ("msa-business", 4)
    # 12 of Plus, and the 24 that Business has more.
    assert entries(contract) == [(EntryKind.GRANT, 12), (EntryKind.TOP_UP, 24)]
    assert contract.years.get().balance == 36
    assert amendment.kind == AmendmentKind.UPGRADE
    assert amendment.before == {"edition": "msa-plus"}
    assert amendment.effective_on == date(2026, 3, 10)
    event = latest_audit()
    assert (event.action, event.reason) == ("contract amended", "Second warehouse.")


def test_a_downgrade_takes_unused_incidents_away_and_no_more(customer, catalogue, administrator):
    contract = factory.make_contract(customer, "msa-business")
    for number in range(1, 31):
        debit_incident(contract, ticket_number=number, by=administrator, now=NOW)
    operations.change_edition(
        contract, edition=edition("msa-plus"), reason="Smaller.", by=administrator, now=NOW
    )
    # 36 - 30 drawn leaves 6; Plus has 24 fewer a year, but below zero it does not go.
    assert entries(contract)[-1] == (EntryKind.EXPIRY, -6)
    year = contract.years.get()
    assert (year.balance, year.used) == (0, 30)


def draw(contract: Contract, by: User, count: int, first: int = 1) -> None:
    for number in range(first, first + count):
        debit_incident(contract, ticket_number=number, by=by, now=NOW)


def put_on(contract: Contract, by: User, *keys: str) -> ContractYear:
    for key in keys:
        operations.change_edition(contract, edition=edition(key), reason="Why.", by=by, now=NOW)
    return contract.years.get()


@pytest.mark.parametrize("other", ["msa-start", "msa-plus", "msa-enterprise"])
@pytest.mark.parametrize(("used", "left"), [(0, 36), (8, 28), (35, 1), (36, 0)])
def test_another_edition_and_back_gives_and_takes_no_incident(
    contract, administrator, other, used, left
):
    draw(contract, administrator, used)
    year = put_on(contract, administrator, other, "msa-business")
    assert (year.is_unlimited, year.used, year.balance) == (False, used, left)
    year = put_on(contract, administrator, other, "msa-business")
    assert (year.is_unlimited, year.used, year.balance) == (False, used, left)


def test_a_later_upgrade_counts_what_was_drawn_before(customer, catalogue, administrator):
    contract = factory.make_contract(customer, "msa-plus")
    draw(contract, administrator, 12)
    # 36 of Business for the year, of which Plus already used 12.
    assert put_on(contract, administrator, "msa-business").balance == 24
    draw(contract, administrator, 24, first=13)
    assert put_on(contract, administrator, "msa-plus", "msa-business").balance == 0


def test_what_was_sold_besides_survives_another_edition_and_back(contract, administrator):
    operations.add_incidents(contract, amount=5, reason="Move.", by=administrator, now=NOW)
    draw(contract, administrator, 40)
    assert contract.years.get().balance == 1
    assert put_on(contract, administrator, "msa-plus").balance == 0  # 12 and 5, of which 40
    assert put_on(contract, administrator, "msa-business").balance == 1
    assert put_on(contract, administrator, "msa-enterprise").is_unlimited
    operations.add_incidents(contract, amount=2, reason="Move.", by=administrator, now=NOW)
    assert put_on(contract, administrator, "msa-business").balance == 3


def test_what_was_given_back_counts_as_not_drawn(contract, administrator, duty_lead):
    draw(contract, administrator, 36)
    credit_incident(ticket_number=1, reason="A defect of ours.", by=duty_lead, now=NOW)
    assert put_on(contract, administrator, "msa-plus").balance == 0  # 12, of which 35
    credit_incident(ticket_number=2, reason="A defect of ours.", by=duty_lead, now=NOW)
    assert contract.years.get().balance == 1
    assert put_on(contract, administrator, "msa-business").balance == 2


def test_incidents_sold_for_an_earlier_year_are_not_of_this_one(customer, catalogue, administrator):
    contract = factory.make_contract(customer, ends_on=date(2027, 12, 31))
    operations.add_incidents(contract, amount=5, reason="Move.", by=administrator, now=NOW)
    later = NOW.replace(year=2027)
    for key in ("msa-plus", "msa-business"):
        operations.change_edition(
            contract, edition=edition(key), reason="Why.", by=administrator, now=later
        )
    first, second = contract.years.order_by("starts_on")
    assert (first.balance, second.balance) == (0, 36)  # the first expired with its year


def test_each_change_of_edition_is_at_most_one_entry_of_the_ledger(contract, administrator):
    draw(contract, administrator, 1)
    put_on(contract, administrator, "msa-plus", "msa-enterprise", "msa-business")
    assert entries(contract) == [
        (EntryKind.GRANT, 36),
        (EntryKind.DEBIT, -1),
        (EntryKind.EXPIRY, -24),  # Plus: 12, of which 1 is drawn
        (EntryKind.TOP_UP, 24),  # Business
    ]


def test_a_downgrade_waits_until_the_holders_are_chosen(customer, catalogue, administrator):
    contract = factory.make_contract(customer, "msa-business")
    for name in ("Ann Alder", "Bob Birch", "Cem Cedar"):
        factory.make_contact(contract, name)
    before = rows()
    with pytest.raises(SeatLimitReached) as refusal:
        operations.change_edition(
            contract, edition=edition("msa-plus"), reason="Smaller.", by=administrator, now=NOW
        )
    assert refusal.value.field == "edition"
    assert "3 seats are held and the new edition has 2" in refusal.value.message
    assert rows() == before


def test_seats_sold_besides_survive_a_change_of_edition(contract, administrator):
    operations.add_seats(contract, amount=2, reason="Night shift.", by=administrator, now=NOW)
    operations.change_edition(
        contract, edition=edition("msa-enterprise"), reason="Grown.", by=administrator, now=NOW
    )
    contract.refresh_from_db()
    assert contract.seat_limit == 10  # 8 of Enterprise and 2


def test_going_unlimited_and_back_keeps_the_count_of_what_was_drawn(contract, administrator):
    operations.change_edition(
        contract, edition=edition("msa-enterprise"), reason="Grown.", by=administrator, now=NOW
    )
    for number in range(1, 41):
        debit_incident(contract, ticket_number=number, by=administrator, now=NOW)
    year = contract.years.get()
    assert (year.is_unlimited, year.used, year.balance) == (True, 40, -4)
    operations.change_edition(
        contract, edition=edition("msa-plus"), reason="Shrunk.", by=administrator, now=NOW
    )
    year = contract.years.get()
    assert (year.is_unlimited, year.used) == (False, 40)
    assert year.balance >= 0


def test_the_same_edition_is_no_amendment(contract, administrator):
    before = rows()
    with pytest.raises(InvalidInput) as refusal:
        operations.change_edition(
            contract, edition=contract.edition, reason="Nothing.", by=administrator, now=NOW
        )
    assert refusal.value.field == "edition"
    assert rows() == before


def test_extra_incidents_are_a_top_up_with_a_reason(contract, administrator):
    amendment = operations.add_incidents(
        contract, amount=5, reason="Migration weekend.", by=administrator, now=NOW
    )
    assert (amendment.kind, amendment.amount) == (AmendmentKind.EXTRA_INCIDENTS, 5)
    assert entries(contract) == [(EntryKind.GRANT, 36), (EntryKind.TOP_UP, 5)]
    assert contract.years.get().balance == 41


def test_what_is_agreed_before_the_first_day_holds_in_the_first_year(
    catalogue, customer, administrator
):
    coming = factory.make_contract(
        customer,
        "msa-start",
        number="C-2",
        starts_on=date(2027, 1, 1),
        ends_on=date(2028, 12, 31),
    )
    amendment = operations.add_incidents(
        coming, amount=5, reason="Sold with it.", by=administrator, now=NOW
    )
    operations.change_edition(
        coming, edition=edition("msa-business"), reason="Signed.", by=administrator, now=NOW
    )
    assert amendment.effective_on == date(2027, 1, 1)
    year = coming.years.get()
    assert (year.starts_on, year.balance) == (date(2027, 1, 1), 36 + 5)


def test_extra_seats_raise_the_limit(contract, administrator):
    amendment = operations.add_seats(
        contract, amount=1, reason="Second warehouse.", by=administrator, now=NOW
    )
    contract.refresh_from_db()
    assert contract.seat_limit == 5
    assert amendment.before == {"seat_limit": 4}


@pytest.mark.parametrize("amount", [0, -1])
def test_an_amendment_adds_at_least_one(contract, administrator, amount):
    before = rows()
    for operation in (operations.add_incidents, operations.add_seats):
        with pytest.raises(InvalidInput) as refusal:
            operation(contract, amount=amount, reason="None.", by=administrator, now=NOW)
        assert refusal.value.field == "amount"
    assert rows() == before


@pytest.mark.parametrize("reason", ["", "   "])
def test_an_amendment_needs_a_reason_and_changes_nothing_without(contract, administrator, reason):
    before = rows()
    amendments: list[tuple[Any, dict[str, Any]]] = [
        (operations.change_edition, {"edition": edition("msa-plus")}),
        (operations.add_incidents, {"amount": 1}),
        (operations.add_seats, {"amount": 1}),
        (operations.change_zone, {"zone": "America/Chicago"}),
        (operations.suspend_contract, {}),
        (operations.terminate_contract, {"last_day": date(2026, 6, 30)}),
    ]
    for operation, facts in amendments:
        with pytest.raises(InvalidInput) as refusal:
            operation(contract, **facts, reason=reason, by=administrator, now=NOW)
        assert refusal.value.field == "reason"
    assert rows() == before


def test_another_zone_is_recorded_with_the_one_before(contract, administrator):
    amendment = operations.change_zone(
        contract, zone="America/Chicago", reason="Moved.", by=administrator, now=NOW
    )
    contract.refresh_from_db()
    assert contract.zone == "America/Chicago"
    assert amendment.before == {"zone": "America/New_York"}


def test_a_zone_that_does_not_exist_is_refused(contract, administrator):
    before = rows()
    with pytest.raises(ValidationError):
        operations.change_zone(
            contract, zone="Mars/Olympus", reason="Moved.", by=administrator, now=NOW
        )
    assert rows() == before


def test_a_suspension_is_lifted_again(contract, administrator):
    operations.suspend_contract(contract, reason="Unpaid.", by=administrator, now=NOW)
    contract.refresh_from_db()
    assert contract.state(date(2026, 3, 10)) == ContractState.SUSPENDED
    assert not contract.is_in_force(date(2026, 3, 10))
    before = rows()
    with pytest.raises(ContractConflict):
        operations.suspend_contract(contract, reason="Again.", by=administrator, now=NOW)
    assert rows() == before
    operations.lift_suspension(contract, reason="Paid.", by=administrator, now=NOW)
    contract.refresh_from_db()
    assert contract.state(date(2026, 3, 10)) == ContractState.ACTIVE
    before = rows()
    with pytest.raises(ContractConflict):
        operations.lift_suspension(contract, reason="Again.", by=administrator, now=NOW)
    assert rows() == before


@pytest.mark.parametrize("last_day", [date(2025, 12, 31), date(2027, 1, 1), date(2026, 3, 9)])
def test_termination_is_within_the_term_and_not_in_the_past(contract, administrator, last_day):
    before = rows()
    with pytest.raises(InvalidInput) as refusal:
        operations.terminate_contract(
            contract, last_day=last_day, reason="Over.", by=administrator, now=NOW
        )
    assert refusal.value.field == "last_day"
    assert rows() == before


def test_a_contract_that_has_ended_is_amended_no_more(contract, administrator):
    after = datetime(2027, 1, 1, 5, 0, tzinfo=UTC)  # midnight of 1 January in New York
    before = rows()
    with pytest.raises(ContractConflict):
        operations.add_seats(contract, amount=1, reason="Late.", by=administrator, now=after)
    assert rows() == before
    a_minute_earlier = datetime(2027, 1, 1, 4, 59, tzinfo=UTC)
    operations.add_seats(
        contract, amount=1, reason="In time.", by=administrator, now=a_minute_earlier
    )
