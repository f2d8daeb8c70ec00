"""Patterns make shifts ahead, once, and leave out what cannot be."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from accounts.choices import Role
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent
from notifications.models import Notice
from sla.choices import DutyRole
from sla.errors import RosterConflict
from sla.models import Shift, ShiftPattern
from sla.operations.shift_patterns import end_pattern, plan_coming_shifts, plan_pattern
from sla.operations.shifts import give_shift, remove_shift
from tests.factories import entitlements as factory
from tests.factories.roster import NOW, ZONE, make_pattern, make_shift

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(db):
    return factory.make_staff_member("Tomas Herrera", Role.ENGINEER)


def test_a_new_pattern_stands_eight_weeks_ahead_and_tells_its_people(engineer, duty_lead):
    pattern = make_pattern([engineer], duty_lead)

    shifts = list(pattern.shifts.all())
    # 10 March to 4 May: 56 nights.
    assert len(shifts) == 56
    assert shifts[0].starts_at == datetime(2026, 3, 11, 2, tzinfo=UTC)
    assert shifts[0].ends_at == datetime(2026, 3, 11, 10, tzinfo=UTC)
    assert {shift.person for shift in shifts} == {engineer}
    event = AuditEvent.objects.get(action="shift pattern planned")
    assert (event.by, event.changes["people"]) == (duty_lead, [[], ["Mara Kovac"]])
    assert Notice.objects.get().recipient == engineer


def test_the_nightly_run_adds_the_days_that_came_within_reach_and_nothing_twice(
    engineer, duty_lead
):
    pattern = make_pattern([engineer], duty_lead)

    assert plan_coming_shifts(now=NOW) == 0
    assert plan_coming_shifts(now=NOW + timedelta(days=3)) == 3
    assert plan_coming_shifts(now=NOW + timedelta(days=3)) == 0
    assert pattern.shifts.count() == 59
    event = AuditEvent.objects.get(action="shifts planned")
    assert (event.by, event.changes) == (None, {"shifts": [0, 3]})


def test_removed_and_given_shifts_do_not_come_back(engineer, other, duty_lead):
    pattern = make_pattern([engineer], duty_lead)
    first, second = pattern.shifts.order_by("starts_at")[:2]
    remove_shift(first, reason="Ill", by=duty_lead, now=NOW)
    give_shift(second, person=other, reason="Ill", by=duty_lead, now=NOW)

    assert plan_coming_shifts(now=NOW) == 0
    assert pattern.shifts.planned().filter(planned_on=first.planned_on).count() == 0
    assert pattern.shifts.get(planned_on=second.planned_on).person == other


def test_a_date_its_person_is_on_duty_already_is_left_out_and_counted(engineer, duty_lead):
    # Tue 22:00 ET is 11 hours after NOW.
    make_shift(engineer, duty_lead, hours_ahead=12, hours=2)

    _, planned = plan_pattern(
        duty=DutyRole.ENGINEER,
        weekdays=["tue", "wed"],
        starts=time(22),
        ends=time(6),
        zone=ZONE,
        from_on=date(2026, 3, 10),
        until_on=date(2026, 3, 18),
        people=[engineer],
        weeks_each=1,
        by=duty_lead,
        now=NOW,
    )

    # 11, 17 and 18 March; the 10th clashes.
    assert planned == (3, 1)


def test_people_take_turns(engineer, other, duty_lead):
    pattern = make_pattern([engineer, other], duty_lead)

    of = {shift.planned_on: shift.person for shift in pattern.shifts.select_related("person")}
    assert of[date(2026, 3, 15)] == engineer
    assert of[date(2026, 3, 16)] == other
    assert of[date(2026, 3, 23)] == engineer


def test_somebody_who_left_or_lost_the_role_is_planned_no_more(engineer, duty_lead):
    pattern = make_pattern([engineer], duty_lead)
    engineer.roles = ["analyst"]
    engineer.save()

    assert plan_coming_shifts(now=NOW + timedelta(days=1)) == 0
    assert pattern.shifts.count() == 56


def test_a_pattern_that_ends_takes_its_later_shifts_off(engineer, duty_lead):
    pattern = make_pattern([engineer], duty_lead)

    end_pattern(pattern, last_on=date(2026, 3, 12), by=duty_lead, now=NOW)

    planned = pattern.shifts.planned().values_list("planned_on", flat=True)
    assert list(planned) == [date(2026, 3, day) for day in (10, 11, 12)]
    event = AuditEvent.objects.get(action="shift pattern ended")
    assert event.changes == {"until_on": [None, "2026-03-12"], "shifts": [53, 0]}
    assert Notice.objects.filter(subject__startswith="Off the roster").get().recipient == engineer
    assert plan_coming_shifts(now=NOW) == 0


def test_who_had_taken_a_shift_over_hears_that_it_is_gone_with_its_pattern(
    engineer, other, duty_lead
):
    pattern = make_pattern([engineer], duty_lead)
    shift = pattern.shifts.get(planned_on=date(2026, 3, 20))
    give_shift(shift, person=other, reason="Holiday.", by=duty_lead, now=NOW)

    end_pattern(pattern, last_on=date(2026, 3, 12), by=duty_lead, now=NOW)

    told = Notice.objects.filter(subject__startswith="Off the roster")
    assert {notice.recipient for notice in told} == {engineer, other}


def test_a_pattern_is_not_ended_before_today_nor_twice(engineer, duty_lead):
    pattern = make_pattern([engineer], duty_lead)

    with pytest.raises(InvalidInput):
        end_pattern(pattern, last_on=date(2026, 3, 9), by=duty_lead, now=NOW)
    end_pattern(pattern, last_on=date(2026, 3, 12), by=duty_lead, now=NOW)
    with pytest.raises(RosterConflict):
        end_pattern(pattern, last_on=date(2026, 3, 20), by=duty_lead, now=NOW)
    assert AuditEvent.objects.filter(action="shift pattern ended").count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"until_on": date(2026, 3, 9)}, "until_on"),
        ({"duty": DutyRole.DUTY_LEAD}, "people"),
    ],
)
def test_a_pattern_that_cannot_be_is_refused(engineer, duty_lead, given, field):
    with pytest.raises(InvalidInput) as refusal:
        make_pattern([engineer], duty_lead, **given)

    assert refusal.value.field == field
    assert not ShiftPattern.objects.exists()
    assert not Shift.objects.exists()


def test_a_pattern_without_people_is_refused(duty_lead):
    with pytest.raises(InvalidInput):
        make_pattern([], duty_lead)


def test_an_engineer_plans_nothing(engineer, duty_lead):
    with pytest.raises(NotAllowed):
        make_pattern([engineer], engineer)
    pattern = make_pattern([engineer], duty_lead)
    with pytest.raises(NotAllowed):
        end_pattern(pattern, last_on=date(2026, 3, 12), by=engineer, now=NOW)
    assert ShiftPattern.objects.get().until_on is None
