"""Companies and contracts through the API: one's own, and nobody else's."""

import pytest

from accounts.models import User
from entitlements.models import Contract, Customer
from entitlements.operations.contracts import suspend_contract
from tests.factories import entitlements as factory
from tests.programs import program_of

COMPANIES = "/api/v1/companies/"
CONTRACT = f"{COMPANIES}northwind-logistics/contract/"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


def slugs(user: User) -> list[str]:
    return [one["slug"] for one in program_of(user).get(COMPANIES).json()["results"]]


def test_everybody_lists_the_companies_that_are_theirs(
    contact: User, foreign_contact: User, tam: User, analyst: User, engineer: User
) -> None:
    assert slugs(contact) == ["northwind-logistics"]
    assert slugs(foreign_contact) == ["eastgate-hospitals"]
    assert slugs(tam) == ["northwind-logistics"]
    assert slugs(analyst) == []
    assert slugs(engineer) == ["northwind-logistics", "eastgate-hospitals"]


def test_a_contract_tells_its_incidents_and_who_holds_its_seats(contact: User) -> None:
    told = program_of(contact).get(CONTRACT).json()
    assert told == {
        "plan": "msa-business",
        "number": "C-2026-0417",
        "edition": told["edition"],
        "state": "active",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "zone": "America/New_York",
        "incidents": {"used": 0, "total": 36, "left": 36, "until": "2026-12-31"},
        "seats": {
            # MSA Business: 4 technical contacts.
            "limit": 4,
            "held": 1,
            "holders": [{"name": "Priya Raman", "held_from": "2025-12-01T15:00:00Z"}],
        },
    }


def test_phone_and_pin_of_a_holder_are_told_to_nobody(contact: User, engineer: User) -> None:
    pin = contact.memberships.get().caller_pin
    assert len(pin) == 6
    for reader in (contact, engineer):
        text = program_of(reader).get(CONTRACT).content.decode()
        assert pin not in text
        assert contact.phone not in text
        assert contact.email not in text


def test_a_suspended_contract_is_told_and_standard_terms_hold(
    contact: User, contract: Contract, administrator: User
) -> None:
    suspend_contract(contract, reason="Unpaid.", by=administrator)
    told = program_of(contact).get(CONTRACT).json()
    assert (told["plan"], told["state"]) == ("standard", "suspended")


def test_without_a_contract_there_is_the_standard_plan_and_nothing_else(
    catalogue: object, engineer: User
) -> None:
    customer: Customer = factory.make_customer("Tidewater Ferries")
    told = program_of(engineer).get(f"{COMPANIES}{customer.slug}/contract/").json()
    assert told.pop("plan") == "standard"
    assert set(told.values()) == {None}
