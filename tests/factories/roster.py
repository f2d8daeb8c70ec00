"""Shifts and patterns as the portal itself would plan them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from accounts.models import User
from sla.choices import DutyRole
from sla.models import Shift, ShiftPattern
from sla.operations.shift_patterns import plan_pattern
from sla.operations.shifts import add_shift

# Tue 10 Mar 2026, 11:00 ET (daylight time began on 8 March: ET is UTC-4).
NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
ZONE = "America/New_York"


def make_shift(person: User, by: User, hours_ahead: float, hours: float, **given: Any) -> Shift:
    """An engineer's shift that starts so many hours from NOW; planned a week before."""
    starts_at = NOW + timedelta(hours=hours_ahead)
    facts: dict[str, Any] = {
        "person": person,
        "duty": DutyRole.ENGINEER,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=hours),
        "zone": ZONE,
        "by": by,
        "now": NOW - timedelta(days=7),
    }
    return add_shift(**{**facts, **given})


def make_pattern(people: list[User], by: User, **given: Any) -> ShiftPattern:
    """Every night 22:00 to 06:00 in New York, from Tue 10 Mar 2026 on."""
    facts: dict[str, Any] = {
        "duty": DutyRole.ENGINEER,
        "weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        "starts": time(22),
        "ends": time(6),
        "zone": ZONE,
        "from_on": date(2026, 3, 10),
        "until_on": None,
        "people": people,
        "weeks_each": 1,
        "by": by,
        "now": NOW,
    }
    return plan_pattern(**{**facts, **given})[0]
