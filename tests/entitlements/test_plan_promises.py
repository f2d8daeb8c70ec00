"""The plans side by side: due instants by hand, from the catalogue's hours and targets.

Standard: Mon–Fri 10:00–17:00, no target. Start: Mon–Fri 09:00–19:00; Critical 8 working hours.
Plus: Critical 24x7, 4 h. Business: Critical 24x7, 2 h; High Mon–Fri 09:00–19:00, 8 working hours.
Enterprise: Critical 24x7, 30 min; High 24x7, 4 h; a call out of Mon–Fri 09:00–19:00. All in ET,
closed on US federal holidays where hours are working hours.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from entitlements.choices import Severity
from entitlements.models import Contract
from entitlements.plan_promises import PlanPromise, promises_of_plans
from sla.models import Calendar
from tests.factories import entitlements as factory

pytestmark = pytest.mark.django_db

# Fri 6 Mar 2026, 18:00 EST: clocks go forward on Sun 8 Mar.
FRIDAY = datetime(2026, 3, 6, 23, 0, tzinfo=UTC)
# Sat 31 Oct 2026, 23:30 EDT: clocks go back at Sun 1 Nov, 06:00 UTC.
HALLOWEEN = datetime(2026, 11, 1, 3, 30, tzinfo=UTC)
# Thu 2 Jul 2026, 18:00 EDT: Independence Day is observed on Friday.
BEFORE_THE_HOLIDAY = datetime(2026, 7, 2, 22, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}:00+00:00")


def compare(severity: Severity, start: datetime, contract: Contract | None = None) -> Any:
    found = promises_of_plans(severity, start, contract=contract, reader_zone="Europe/Berlin")
    return {one.plan.key: one for one in found}


def due(plans: dict[str, PlanPromise]) -> dict[str, datetime | None]:
    return {key.removeprefix("msa-"): one.promise.due_at for key, one in plans.items()}


def test_working_hours_skip_the_weekend_on_which_the_clocks_go_forward(catalogue: Any) -> None:
    assert due(compare(Severity.HIGH, FRIDAY)) == {
        "standard": None,
        "start": None,
        "plus": None,
        "business": at("03-09T20:00"),  # 1 h on Friday, 7 h on Monday: 16:00 EDT
        "enterprise": at("03-07T03:00"),  # Fri 22:00 EST
    }
    assert due(compare(Severity.CRITICAL, FRIDAY)) == {
        "standard": None,
        "start": at("03-09T20:00"),
        "plus": at("03-07T03:00"),
        "business": at("03-07T01:00"),
        "enterprise": at("03-06T23:30"),
    }


def test_hours_around_the_clock_are_elapsed_time_while_the_clocks_go_back(catalogue: Any) -> None:
    plans = compare(Severity.CRITICAL, HALLOWEEN)

    assert due(plans) == {
        "standard": None,
        "start": at("11-02T22:00"),  # Mon 17:00 EST
        "plus": at("11-01T07:30"),  # 02:30 EST, an hour of the wall clock came twice
        "business": at("11-01T05:30"),  # 01:30 EDT, the first time
        "enterprise": at("11-02T14:30"),  # without a call: Mon 09:30 EST
    }
    enterprise = plans["msa-enterprise"].promise
    assert enterprise.call_required
    assert enterprise.due_at_if_called == at("11-01T04:00")
    assert not plans["msa-business"].promise.call_required


def test_a_holiday_in_between_is_closed(catalogue: Any) -> None:
    plans = compare(Severity.HIGH, BEFORE_THE_HOLIDAY)

    assert plans["msa-business"].promise.due_at == at("07-06T20:00")  # Mon 16:00 EDT
    assert plans["msa-enterprise"].promise.due_at == at("07-03T02:00")


def test_without_a_contract_standard_is_ones_own_plan(catalogue: Any) -> None:
    plans = compare(Severity.HIGH, FRIDAY)

    assert [key for key, one in plans.items() if one.is_own] == ["standard"]
    assert plans["standard"].explanation is None
    assert plans["standard"].hours == "Mon–Fri 10:00–17:00 ET"


def test_ones_own_plan_stands_with_the_edition_of_the_contract(catalogue: Any) -> None:
    customer = factory.make_customer("Bluewater Credit Union")
    contract = factory.make_contract(customer, "msa-enterprise-2023", number="C-2023-0001")

    plans = compare(Severity.HIGH, FRIDAY, contract)
    assert [key for key, one in plans.items() if one.is_own] == ["msa-enterprise"]
    assert plans["msa-enterprise"].edition.key == "msa-enterprise-2023"
    assert plans["msa-business"].edition.key == "msa-business"


def test_msa_plans_are_counted_in_the_zone_of_the_contract(catalogue: Any) -> None:
    customer = factory.make_customer("Greyfield Rail", zone="Europe/London")
    contract = factory.make_contract(customer, zone="Europe/London", number="C-2026-0777")

    plans = compare(Severity.HIGH, FRIDAY, contract)
    # Fri 23:00 in London is closed: Mon 09:00 and eight hours, 17:00 GMT.
    assert plans["msa-business"].promise.due_at == at("03-09T17:00")
    # Out of hours there, so Enterprise waits for a call: without one Mon 09:00 and 4 h.
    assert plans["msa-enterprise"].promise.due_at == at("03-09T13:00")


def test_the_calendars_are_those_that_held_then(catalogue: Any) -> None:
    calendar = Calendar.objects.get(key="msa-business-hours")
    version = calendar.current
    first = due(compare(Severity.HIGH, FRIDAY))
    version.pk = None
    version.number += 1
    version.created_at = at("04-01T00:00")
    version.windows = {"mon": [["12:00", "13:00"]]}
    version.save(force_insert=True)

    assert due(compare(Severity.HIGH, FRIDAY)) == first
    assert compare(Severity.HIGH, BEFORE_THE_HOLIDAY)["msa-business"].promise.due_at != at(
        "07-06T20:00"
    )


def test_each_promise_is_explained_and_drawn(catalogue: Any) -> None:
    plans = compare(Severity.HIGH, FRIDAY)
    explanation = plans["msa-business"].explanation

    assert explanation is not None
    assert explanation.ribbon is not None
    assert "Mon 9 Mar, 21:00 CET (Mon 9 Mar, 16:00 ET)" in explanation.total[0]


def test_the_comparison_takes_three_queries(
    contract: Contract, django_assert_num_queries: Any
) -> None:
    read = Contract.objects.select_related("edition__plan").get(pk=contract.pk)
    with django_assert_num_queries(3):
        compare(Severity.HIGH, FRIDAY, read)
