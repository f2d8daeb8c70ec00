from datetime import UTC, date, datetime

import pytest

from entitlements.contract_terms import figures_of, terms_of
from entitlements.models import Contract, Edition
from entitlements.operations import contracts as operations
from tests.factories import entitlements as factory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


def fresh(contract: Contract) -> Contract:
    return Contract.objects.select_related("edition__plan").get(pk=contract.pk)


def overrides(contract: Contract) -> dict[str, tuple[str, str, list[str]]]:
    return {
        term.name: (term.edition_says, term.says, [one.reason for one in term.because])
        for term in terms_of(fresh(contract), NOW)
        if term.is_override
    }


def test_a_contract_as_signed_says_what_its_edition_says(contract):
    terms = {term.name: term.in_force for term in terms_of(contract, NOW)}
    assert overrides(contract) == {}
    assert terms == {
        "Plan edition": "MSA Business",
        "Critical answer": "2 hours, 24x7x365",
        "High answer": "8 working hours, 09:00–19:00 ET, Mon–Fri",
        "Medium answer": "12 working hours, 09:00–19:00 ET, Mon–Fri",
        "Low answer": "24 working hours, 09:00–19:00 ET, Mon–Fri",
        "Premium incidents": "36 a year",
        "Technical contacts": "4",
        "Break/fix incidents are served on": "Standard Support",
        "Phone call needed out of hours": "—",
        "Priority escalation": "High",
        "Remote assistance": "Yes",
        "Technical account management": "TAM team",
        "Monthly incident report": "—",
        "Review call": "—",
        "Health check": "—",
        "Private patches": "—",
        "Expedited database releases": "—",
    }


def test_the_2023_edition_keeps_its_own_times(catalogue, customer):
    contract = factory.make_contract(customer, "msa-enterprise-2023")
    terms = {term.name: term.in_force for term in terms_of(contract, NOW)}
    assert terms["Medium answer"] == "6 working hours, 09:00–19:00 ET, Mon–Fri"
    assert terms["Low answer"] == "8 working hours, 09:00–19:00 ET, Mon–Fri"
    assert terms["Phone call needed out of hours"] == "Yes"


def test_each_amendment_is_told_with_its_reason(contract, administrator):
    operations.add_incidents(
        contract, amount=4, reason="Goodwill for March.", by=administrator, now=NOW
    )
    operations.add_seats(contract, amount=1, reason="Night shift.", by=administrator, now=NOW)
    operations.add_seats(contract, amount=1, reason="Dallas.", by=administrator, now=NOW)
    operations.change_zone(
        contract, zone="America/Chicago", reason="Moved.", by=administrator, now=NOW
    )
    hours = "working hours, 09:00–19:00"
    assert overrides(contract) == {
        "High answer": (f"8 {hours} ET, Mon–Fri", f"8 {hours} CT, Mon–Fri", ["Moved."]),
        "Medium answer": (f"12 {hours} ET, Mon–Fri", f"12 {hours} CT, Mon–Fri", ["Moved."]),
        "Low answer": (f"24 {hours} ET, Mon–Fri", f"24 {hours} CT, Mon–Fri", ["Moved."]),
        "Premium incidents": ("36 a year", "40 this year", ["Goodwill for March."]),
        "Technical contacts": ("4", "6", ["Dallas.", "Night shift."]),
    }


def test_a_change_of_edition_shows_the_one_that_was_signed(catalogue, customer, administrator):
    contract = factory.make_contract(customer, "msa-start")
    for key in ("msa-plus", "msa-business"):
        operations.change_edition(
            contract,
            edition=Edition.objects.get(key=key),
            reason=f"To {key}.",
            by=administrator,
            now=NOW,
        )
    assert overrides(contract) == {
        "Plan edition": ("MSA Start", "MSA Business", ["To msa-business.", "To msa-plus."])
    }


def test_figures_hold_everything_an_amendment_can_change(contract, administrator):
    before = figures_of(contract, NOW)
    operations.terminate_contract(
        contract, last_day=date(2026, 6, 30), reason="Merged.", by=administrator, now=NOW
    )
    operations.suspend_contract(contract, reason="Unpaid.", by=administrator, now=NOW)
    operations.add_incidents(contract, amount=1, reason="One.", by=administrator, now=NOW)
    after = figures_of(fresh(contract), NOW)
    assert {name: (was, after[name]) for name, was in before.items() if after[name] != was} == {
        "Last day": ("31 Dec 2026", "30 Jun 2026"),
        "State": ("Active", "Suspended"),
        "Premium incidents": ("36 a year", "37 this year"),
        "Premium incidents left": ("36", "37"),
    }
