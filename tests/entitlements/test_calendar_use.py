"""Who counts on a calendar."""

from datetime import UTC, datetime, timedelta

import pytest

from entitlements.calendar_use import editions_on
from entitlements.models import Contract
from entitlements.operations.catalogue import BUSINESS_HOURS
from sla.models import Calendar

pytestmark = pytest.mark.django_db

# Midnight in New York after 31 December, the contract's last day.
ITS_END = datetime(2027, 1, 1, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(("at", "contracts"), [(ITS_END - timedelta(hours=3), 1), (ITS_END, 0)])
def test_a_contract_is_counted_to_the_end_of_its_last_day_where_it_is(
    contract: Contract, at: datetime, contracts: int
) -> None:
    uses = editions_on(Calendar.objects.get(key=BUSINESS_HOURS), at)

    assert {use.edition.key: use.contracts for use in uses}["msa-business"] == contracts
