"""Gaps are told before they begin, once each, to those who can fill them."""

from datetime import datetime, timedelta

import pytest

from notifications.models import Delivery, Notice
from sla.choices import DutyRole
from sla.models import Shift
from sla.operations.roster_gaps import tell_roster_gaps
from sla.operations.shifts import remove_shift
from tests.factories.roster import NOW, make_shift

pytestmark = pytest.mark.django_db


def gap_notices() -> list[Notice]:
    return list(Notice.objects.filter(kind="roster_gap").order_by("pk"))


def hours(*ahead: float) -> list[datetime]:
    return [NOW + timedelta(hours=number) for number in ahead]


def test_the_gaps_of_a_duty_are_those_of_its_manned_shifts(engineer, duty_lead):
    make_shift(engineer, duty_lead, -2, 10)
    make_shift(engineer, duty_lead, 12, 12)
    make_shift(duty_lead, duty_lead, 8, 4, duty=DutyRole.DUTY_LEAD)

    gaps = Shift.objects.gaps(NOW, NOW + timedelta(hours=48), DutyRole.ENGINEER)
    assert [list(gap) for gap in gaps] == [hours(8, 12), hours(24, 48)]

    engineer.is_active = False
    engineer.save()
    gaps = Shift.objects.gaps(NOW, NOW + timedelta(hours=48), DutyRole.ENGINEER)
    assert [list(gap) for gap in gaps] == [hours(0, 48)]


def test_a_gap_within_72_hours_is_told_once_however_often_it_is_looked_for(
    engineer, analyst, duty_lead, support_manager
):
    make_shift(engineer, duty_lead, -2, 10)
    make_shift(engineer, duty_lead, 12, 100)

    assert tell_roster_gaps(now=NOW) == 2
    assert tell_roster_gaps(now=NOW) == 0
    assert tell_roster_gaps(now=NOW + timedelta(hours=1)) == 0
    # Nor while it lasts.
    assert tell_roster_gaps(now=NOW + timedelta(hours=9)) == 0

    assert {notice.recipient for notice in gap_notices()} == {duty_lead, support_manager}
    # Tue 10 March, 15:00 to 23:00 UTC are covered: 19:00 ET to 23:00 ET is not.
    assert "from Tue 10 Mar, 19:00 ET until Tue 10 Mar, 23:00 ET" in gap_notices()[0].subject
    assert gap_notices()[0].urgent
    assert Delivery.objects.filter(notice__kind="roster_gap").count() == 2


def test_a_gap_further_ahead_is_told_when_its_time_has_come(engineer, duty_lead):
    make_shift(engineer, duty_lead, -2, 76)

    assert tell_roster_gaps(now=NOW) == 0
    # It begins at hour 74.
    assert tell_roster_gaps(now=NOW + timedelta(hours=3)) == 1
    assert " on" in gap_notices()[0].subject


def test_a_shift_that_ends_early_opens_a_gap_that_is_told(engineer, duty_lead):
    shift = make_shift(engineer, duty_lead, -2, 80)
    assert tell_roster_gaps(now=NOW) == 0

    remove_shift(shift, reason="Ill", by=duty_lead, now=NOW)

    assert tell_roster_gaps(now=NOW + timedelta(minutes=40)) == 1
    assert "from Tue 10 Mar, 11:00 ET on" in gap_notices()[0].subject
    assert tell_roster_gaps(now=NOW + timedelta(minutes=100)) == 0


def test_a_gap_that_grows_is_told_again(engineer, duty_lead):
    make_shift(engineer, duty_lead, -2, 10)
    second = make_shift(engineer, duty_lead, 12, 8)
    make_shift(engineer, duty_lead, 20, 100)
    assert tell_roster_gaps(now=NOW) == 1

    remove_shift(second, reason="Ill", by=duty_lead, now=NOW)

    assert tell_roster_gaps(now=NOW) == 1


def test_a_roster_not_in_use_has_no_gaps(duty_lead):
    assert tell_roster_gaps(now=NOW) == 0


def test_before_its_first_shift_a_roster_is_not_in_use(engineer, duty_lead):
    make_shift(engineer, duty_lead, 24, 100)

    assert tell_roster_gaps(now=NOW) == 0
