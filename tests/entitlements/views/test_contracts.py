from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.models import AuditEvent
from entitlements.models import Amendment, Contract, ContractYear, Edition, LedgerEntry
from entitlements.operations.contracts import add_seats
from entitlements.operations.incidents import debit_incident
from tests.factories import entitlements as factory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
NEW = "/customers/northwind-logistics/contracts/new/"
AMEND = "/contracts/C-2026-0417/amendments/new/"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def desk(client, administrator):
    """The administrator's browser."""
    client.force_login(administrator)
    return client


def facts(**changed: Any) -> dict[str, Any]:
    return {
        "number": "C-2027-0001",
        "edition": Edition.objects.get(key="msa-plus").pk,
        "starts_on": "2027-01-01",
        "ends_on": "2027-12-31",
        "zone": "America/Chicago",
    } | changed


def rows() -> list[Any]:
    models = (Contract, ContractYear, LedgerEntry, Amendment, AuditEvent)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def test_an_administrator_signs_a_contract(contract, desk):
    answer = desk.post(NEW, facts(), follow=True)
    assert answer.redirect_chain == [("/contracts/C-2027-0001/", 302)]
    assert "Contract C-2027-0001 signed." in text_of(answer)
    signed = Contract.objects.get(number="C-2027-0001")
    assert (signed.starts_on, signed.ends_on) == (date(2027, 1, 1), date(2027, 12, 31))
    assert (signed.zone, signed.edition.key) == ("America/Chicago", "msa-plus")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ends_on": "2026-12-31"}, "Ends before it starts"),
        ({"starts_on": "2026-12-31"}, "has another contract in force on one of these days"),
        ({"number": "C-2026-0417"}, "Another contract has this number"),
        ({"number": "C 2027/1"}, "Use letters, digits and hyphens only"),
        ({"starts_on": "31 June"}, "Enter a valid date"),
        ({"zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"edition": ""}, "Choose the plan edition."),
    ],
)
def test_a_wrong_contract_is_shown_again_with_what_was_typed(contract, desk, changed, words):
    before = rows()
    answer = desk.post(NEW, facts(**changed))
    assert answer.status_code == 422
    assert words in text_of(answer)
    typed = {name: value for name, value in facts(**changed).items() if name != "zone"}
    for value in typed.values():
        assert f'value="{value}"' in text_of(answer)
    assert rows() == before


def test_standard_is_no_contract_to_sign(contract, desk):
    standard = Edition.objects.get(key="standard").pk
    assert desk.post(NEW, facts(edition=standard)).status_code == 422


def test_a_contracts_page_tells_its_terms_ledger_seats_and_history(
    contract, contact, administrator, desk
):
    add_seats(contract, amount=1, reason="Night shift.", by=administrator, now=NOW)
    debit_incident(contract, ticket_number=20418, by=contact, now=NOW)
    page = text_of(desk.get("/contracts/C-2026-0417/"))
    for words in (
        "2 hours, 24x7x365",
        "1 differs from the edition",
        "Night shift.",
        "TK-20418",
        "−1",
        "35",
        "Priya Raman",
        "1 of 5",
        "contract signed",
        "Term from 1 Jan 2026 to 31 Dec 2026. Today is 10 Mar 2026.",
    ):
        assert words in page


def test_a_reader_without_the_right_sees_no_buttons(contract, contact, tam, client):
    client.force_login(tam)
    page = text_of(client.get("/contracts/C-2026-0417/"))
    for words in ("Amend<", "Give seat", "Take back", "Give incident back"):
        assert words not in page


def test_an_amendment_is_shown_before_it_is_saved(contract, desk):
    before = rows()
    typed = {"amount": "2", "reason": "Second warehouse."}
    answer = desk.post(f"{AMEND}?kind=extra_seats", {**typed, "then": "show"})
    page = text_of(answer)
    assert answer.status_code == 200
    assert "What will change" in page
    assert "<td>Technical contacts</td>" in page
    assert rows() == before
    answer = desk.post(f"{AMEND}?kind=extra_seats", {**typed, "then": "save"}, follow=True)
    assert "Amendment saved." in text_of(answer)
    contract.refresh_from_db()
    assert contract.seat_limit == 6
    assert contract.amendments.get().reason == "Second warehouse."


# Each kind: what is typed, and what the page says it changes.
KINDS: dict[str, tuple[dict[str, Any], dict[str, tuple[str, str]]]] = {
    "upgrade": (
        {"edition": "msa-enterprise"},
        {
            "Critical answer": ("2 hours, 24x7x365", "30 minutes, 24x7x365"),
            "Premium incidents left": ("36", "Unlimited"),
            "Technical contacts": ("4", "8"),
            "Plan edition": ("MSA Business", "MSA Enterprise"),
        },
    ),
    "extra_incidents": ({"amount": "5"}, {"Premium incidents left": ("36", "41")}),
    "extra_seats": ({"amount": "1"}, {"Technical contacts": ("4", "5")}),
    "zone": (
        {"zone": "America/Chicago"},
        {"Calendar zone": ("New York time", "Chicago time")},
    ),
    "suspension": ({}, {"State": ("Active", "Suspended")}),
    "termination": ({"last_day": "2026-06-30"}, {"Last day": ("31 Dec 2026", "30 Jun 2026")}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_amendment_says_what_it_changes_and_does_it(contract, desk, kind):
    typed, expected = KINDS[kind]
    if "edition" in typed:
        typed = {"edition": Edition.objects.get(key=typed["edition"]).pk}
    address = f"{AMEND}?kind={kind}"
    assert desk.get(address).status_code == 200
    shown = desk.post(address, {**typed, "reason": "Agreed.", "then": "show"})
    changes = {one.name: (one.before, one.after) for one in shown.context["changes"]}
    assert expected.items() <= changes.items()
    assert not Amendment.objects.exists()
    saved = desk.post(address, {**typed, "reason": "Agreed.", "then": "save"})
    assert saved.status_code == 302
    assert Amendment.objects.get().kind == kind


def test_a_suspended_contract_offers_to_lift_it(contract, desk):
    assert "Suspend contract" in text_of(desk.get("/contracts/C-2026-0417/"))
    desk.post(f"{AMEND}?kind=suspension", {"reason": "Unpaid.", "then": "save"})
    page = text_of(desk.get("/contracts/C-2026-0417/"))
    assert "Suspend contract" not in page
    assert "Lift suspension" in page
    saved = desk.post(f"{AMEND}?kind=resumption", {"reason": "Paid.", "then": "save"})
    assert saved.status_code == 302


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("extra_seats", {"amount": "0"}, "greater than or equal to 1"),
        ("extra_seats", {"amount": "1", "reason": " "}, "Say why: it stays on record."),
        ("termination", {"last_day": "2026-03-09"}, "Choose today or a later day."),
        ("termination", {"last_day": "2027-06-30"}, "within the contract&#x27;s term"),
        ("resumption", {}, "This contract is not suspended."),
    ],
)
def test_a_refused_amendment_says_why_and_changes_nothing(contract, desk, kind, typed, words):
    before = rows()
    for then in ("show", "save"):
        answer = desk.post(f"{AMEND}?kind={kind}", {"reason": "Because.", **typed, "then": then})
        assert answer.status_code == 422
        assert words in text_of(answer)
    assert rows() == before


def test_a_kind_that_does_not_exist_is_not_found(contract, desk):
    assert desk.get(f"{AMEND}?kind=gift").status_code == 404


def test_changing_something_leads_back_to_the_form(contract, desk):
    typed = {"amount": "2", "reason": "Second warehouse.", "then": "edit"}
    page = text_of(desk.post(f"{AMEND}?kind=extra_seats", typed))
    assert 'value="2"' in page
    assert "Second warehouse." in page
    assert "Show what changes" in page


def test_a_duty_lead_gives_an_incident_back(contract, contact, duty_lead, client):
    debit_incident(contract, ticket_number=20418, by=contact, now=NOW)
    client.force_login(duty_lead)
    address = "/contracts/C-2026-0417/credits/"
    answer = client.post(address, {"ticket": " tk-20418", "reason": "A defect."}, follow=True)
    assert "Incident of TK-20418 given back." in text_of(answer)
    assert contract.years.get().balance == 36
    again = client.post(address, {"ticket": "TK-20418", "reason": "Twice."})
    assert again.status_code == 422
    assert "given back already" in text_of(again)


def test_an_incident_of_another_contract_is_not_given_back_here(
    contract, foreign_contract, contact, duty_lead, client
):
    debit_incident(foreign_contract, ticket_number=777, by=contact, now=NOW)
    client.force_login(duty_lead)
    answer = client.post(
        "/contracts/C-2026-0417/credits/", {"ticket": "777", "reason": "Wrong place."}
    )
    assert answer.status_code == 422
    assert "No premium incident of this contract was drawn" in text_of(answer)
    assert foreign_contract.years.get().used == 1


def test_contracts_are_found_by_state(contract, foreign_contract, customer, desk):
    factory.make_contract(
        factory.make_customer("Corvid Shipping"),
        number="C-2025-0001",
        starts_on=date(2025, 1, 1),
        ends_on=date(2025, 12, 31),
    )
    assert "C-2025-0001" in text_of(desk.get("/contracts/"))
    expired = text_of(desk.get("/contracts/?state=expired"))
    assert "C-2025-0001" in expired
    assert "C-2026-0417" not in expired
    assert "No contract in this state" in text_of(desk.get("/contracts/?state=draft"))
    assert "C-2025-0001" in text_of(desk.get("/contracts/?state=nonsense"))


def test_the_ledger_of_an_earlier_year_can_be_read(catalogue, customer, contact, desk):
    contract = factory.make_contract(
        factory.make_customer("Alder Freight"),
        number="C-LONG",
        starts_on=date(2025, 6, 1),
        ends_on=date(2027, 5, 31),
    )
    debit_incident(
        contract, ticket_number=4711, by=contact, now=datetime(2026, 2, 1, 15, tzinfo=UTC)
    )
    debit_incident(
        contract, ticket_number=4712, by=contact, now=datetime(2026, 6, 2, 15, tzinfo=UTC)
    )
    assert "TK-4712" in text_of(desk.get("/contracts/C-LONG/"))
    earlier = text_of(desk.get("/contracts/C-LONG/?year=2025"))
    assert "TK-4711" in earlier
    assert "TK-4712" not in earlier
