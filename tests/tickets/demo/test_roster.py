"""The demo's roster covers the clock all year, but for the one gap it shows."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.operations import create_staff_member
from notifications.models import Notice
from sla.choices import DutyRole
from sla.models import HandOver, Shift
from tickets.demo.cast import address
from tickets.demo.people import STAFF, STAFF_DOMAIN
from tickets.demo.roster import plan_roster

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 1, 14, 12, tzinfo=UTC),
        datetime(2026, 7, 18, 3, tzinfo=UTC),
        # Clocks have changed in America and not yet in Europe.
        datetime(2026, 3, 14, 20, tzinfo=UTC),
        # Clocks have changed in Europe and not yet in America.
        datetime(2026, 10, 26, 9, tzinfo=UTC),
    ],
)
def test_it_has_one_gap_in_two_weeks_and_notes_of_the_last_shifts(now):
    staff = [
        create_staff_member(
            email=address(one.name, STAFF_DOMAIN),
            name=one.name,
            roles=[one.role.value],
            zone=one.zone,
            by=None,
        )
        for one in STAFF
    ]

    assert plan_roster(staff, now) > 300

    end = now + timedelta(days=14)
    assert len(Shift.objects.gaps(now, end, DutyRole.ENGINEER)) == 1
    assert Shift.objects.gaps(now, end, DutyRole.DUTY_LEAD) == []
    assert HandOver.objects.filter(at__lt=now).count() == 3
    assert not Notice.objects.filter(created_at__gt=now).exists()


def test_without_a_duty_lead_there_is_no_roster():
    assert plan_roster([], datetime(2026, 1, 14, 12, tzinfo=UTC)) == 0
