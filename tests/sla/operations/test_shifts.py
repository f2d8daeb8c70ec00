"""Single shifts: added, removed, given, swapped; one person never twice at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.choices import Role
from accounts.errors import DomainError, InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from notifications.models import Notice
from sla.choices import DutyRole
from sla.errors import RosterConflict
from sla.models import Shift
from sla.operations.shifts import add_shift, give_shift, remove_shift, swap_shifts
from tests.factories import entitlements as factory
from tests.factories.roster import NOW, ZONE, make_shift
from tests.racing import race, refusals

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(db):
    return factory.make_staff_member("Tomas Herrera", Role.ENGINEER)


def facts(shift: Shift) -> tuple[User, datetime, datetime, datetime | None]:
    shift = Shift.objects.get(pk=shift.pk)
    return (shift.person, shift.starts_at, shift.ends_at, shift.removed_at)


def test_a_shift_is_added_recorded_and_told(engineer, duty_lead):
    shift = make_shift(engineer, duty_lead, 24, 8)

    assert facts(shift) == (engineer, NOW + timedelta(hours=24), NOW + timedelta(hours=32), None)
    event = AuditEvent.objects.get(action="shift added")
    assert (event.by, event.subject_id) == (duty_lead, shift.pk)
    notice = Notice.objects.get()
    assert (notice.recipient, notice.path) == (engineer, "/roster/")
    # Wed 11 March, 11:00 to 19:00 in New York.
    assert "Wed 11 Mar, 11:00 to Wed 11 Mar, 19:00 ET" in notice.subject


def test_the_administrator_and_the_support_manager_plan_too(
    engineer, administrator, support_manager
):
    make_shift(engineer, administrator, 24, 8)
    make_shift(engineer, support_manager, 32, 8)

    assert Shift.objects.count() == 2


@pytest.mark.parametrize(("ahead", "hours"), [(20, 5), (31, 5), (25, 1), (20, 20)])
def test_a_person_is_not_on_duty_twice_at_once(engineer, duty_lead, ahead, hours):
    make_shift(engineer, duty_lead, 24, 8)

    with pytest.raises(InvalidInput) as refusal:
        make_shift(engineer, duty_lead, ahead, hours)

    assert refusal.value.field == "person"
    assert "is on duty then already" in refusal.value.message
    assert Shift.objects.count() == 1
    assert AuditEvent.objects.filter(action="shift added").count() == 1


def test_shifts_that_touch_do_not_overlap(engineer, duty_lead):
    make_shift(engineer, duty_lead, 24, 8)
    make_shift(engineer, duty_lead, 32, 8)
    make_shift(engineer, duty_lead, 16, 8)

    assert Shift.objects.count() == 3


def test_the_database_itself_refuses_an_overlap(engineer, duty_lead):
    shift = make_shift(engineer, duty_lead, 24, 8)

    with (
        pytest.raises(IntegrityError, match="a_person_is_on_duty_once_at_a_time"),
        transaction.atomic(),
    ):
        Shift.objects.create(
            person=engineer,
            duty=DutyRole.DUTY_LEAD,
            starts_at=shift.starts_at + timedelta(hours=1),
            ends_at=shift.ends_at,
            zone=ZONE,
        )


@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_leave_one_shift(engineer, duty_lead, support_manager):
    planners = [duty_lead, support_manager]

    def plan(number: int) -> bool:
        make_shift(engineer, planners[number], 24 + number, 8)
        return True

    assert sorted(at_once(plan, 2)) == [False, True]
    assert Shift.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_crossing_swaps_leave_each_shift_one_person(engineer, other, duty_lead):
    first = make_shift(engineer, duty_lead, 24, 8)
    second = make_shift(other, duty_lead, 32, 8)
    orders = [(first, second), (second, first)]

    def swap(number: int) -> bool:
        swap_shifts(*orders[number], reason="Dentist", by=duty_lead, now=NOW)
        return True

    done = at_once(swap, 2)
    people = [facts(first)[0], facts(second)[0]]
    # One of them swapped and the other was refused, or one swapped back what the other swapped.
    assert people == ([other, engineer] if sum(done) == 1 else [engineer, other])


@pytest.mark.parametrize(
    ("ahead", "hours", "field"), [(24, 0, "ends"), (24, 169, "ends"), (-9, 8, "ends")]
)
def test_a_shift_ends_after_it_starts_within_a_week_and_is_not_over(
    engineer, duty_lead, ahead, hours, field
):
    with pytest.raises(InvalidInput) as refusal:
        make_shift(engineer, duty_lead, ahead, hours, now=NOW)

    assert refusal.value.field == field
    assert not Shift.objects.exists()


def test_nobody_is_on_duty_for_what_they_have_no_role_for(engineer, analyst, duty_lead):
    with pytest.raises(InvalidInput):
        make_shift(analyst, duty_lead, 24, 8)
    with pytest.raises(InvalidInput):
        make_shift(engineer, duty_lead, 24, 8, duty=DutyRole.DUTY_LEAD)
    assert not Shift.objects.exists()


def test_a_support_manager_stands_in_for_a_duty_lead(support_manager, duty_lead):
    make_shift(support_manager, duty_lead, 24, 8, duty=DutyRole.DUTY_LEAD)

    assert Shift.objects.count() == 1


def test_a_coming_shift_is_removed_with_a_reason(engineer, duty_lead):
    shift = make_shift(engineer, duty_lead, 24, 8)

    remove_shift(shift, reason="Ill", by=duty_lead, now=NOW)

    assert facts(shift)[3] == NOW
    event = AuditEvent.objects.get(action="shift removed")
    assert (event.by, event.reason) == (duty_lead, "Ill")
    assert Notice.objects.filter(subject__startswith="Shift removed").get().recipient == engineer
    # The time is free again.
    make_shift(engineer, duty_lead, 24, 8)


def test_a_shift_that_has_begun_ends_now(engineer, duty_lead):
    shift = make_shift(engineer, duty_lead, -2, 8)

    remove_shift(shift, reason="Ill", by=duty_lead, now=NOW)

    assert facts(shift) == (engineer, NOW - timedelta(hours=2), NOW, None)
    assert AuditEvent.objects.get(action="shift ended early").reason == "Ill"


def test_a_shift_that_is_over_or_removed_stays_as_it_is(engineer, other, duty_lead):
    over = make_shift(engineer, duty_lead, -10, 8)
    removed = make_shift(engineer, duty_lead, 24, 8)
    remove_shift(removed, reason="Ill", by=duty_lead, now=NOW)
    before = facts(over), facts(removed)

    for shift in (over, removed):
        with pytest.raises(RosterConflict):
            remove_shift(shift, reason="Again", by=duty_lead, now=NOW)
        with pytest.raises(RosterConflict):
            give_shift(shift, person=other, reason="Again", by=duty_lead, now=NOW)
    assert (facts(over), facts(removed)) == before


def test_a_shift_is_given_to_somebody_else_and_both_are_told(engineer, other, duty_lead):
    shift = make_shift(engineer, duty_lead, 24, 8)
    Notice.objects.all().delete()

    give_shift(shift, person=other, reason="Dentist", by=duty_lead, now=NOW)

    assert facts(shift)[0] == other
    event = AuditEvent.objects.get(action="shift given")
    assert event.changes == {"person": ["Mara Kovac", "Tomas Herrera"]}
    assert {notice.recipient for notice in Notice.objects.all()} == {engineer, other}


def test_a_shift_is_not_given_to_who_has_it_who_is_busy_or_who_may_not(
    engineer, other, analyst, duty_lead
):
    shift = make_shift(engineer, duty_lead, 24, 8)
    make_shift(other, duty_lead, 30, 8)

    for person in (engineer, other, analyst):
        with pytest.raises(InvalidInput):
            give_shift(shift, person=person, reason="Dentist", by=duty_lead, now=NOW)
    assert facts(shift)[0] == engineer
    assert not AuditEvent.objects.filter(action="shift given").exists()


def test_a_shift_that_has_begun_is_not_given_away(engineer, other, duty_lead):
    shift = make_shift(engineer, duty_lead, -2, 8)

    with pytest.raises(RosterConflict):
        give_shift(shift, person=other, reason="Dentist", by=duty_lead, now=NOW)
    assert facts(shift)[0] == engineer


def test_two_people_swap_shifts_even_when_these_overlap(engineer, other, duty_lead):
    mine = make_shift(engineer, duty_lead, 24, 8)
    theirs = make_shift(other, duty_lead, 28, 8)

    swap_shifts(mine, theirs, reason="Dentist", by=duty_lead, now=NOW)

    assert (facts(mine)[0], facts(theirs)[0]) == (other, engineer)
    assert facts(mine)[3] is None
    assert AuditEvent.objects.filter(action="shift swapped").count() == 2


def test_a_swap_that_puts_somebody_on_duty_twice_is_refused(engineer, other, duty_lead):
    mine = make_shift(engineer, duty_lead, 24, 8)
    theirs = make_shift(other, duty_lead, 48, 8)
    make_shift(other, duty_lead, 30, 4)

    with pytest.raises(InvalidInput) as refusal:
        swap_shifts(mine, theirs, reason="Dentist", by=duty_lead, now=NOW)

    assert refusal.value.field == "other"
    assert (facts(mine)[0], facts(theirs)[0]) == (engineer, other)
    assert not AuditEvent.objects.filter(action="shift swapped").exists()


def test_ones_own_two_shifts_are_not_swapped(engineer, duty_lead):
    mine = make_shift(engineer, duty_lead, 24, 8)
    too = make_shift(engineer, duty_lead, 48, 8)

    with pytest.raises(InvalidInput):
        swap_shifts(mine, too, reason="Dentist", by=duty_lead, now=NOW)


def test_every_change_asks_for_a_reason_and_the_right(engineer, other, duty_lead):
    mine = make_shift(engineer, duty_lead, 24, 8)
    theirs = make_shift(other, duty_lead, 48, 8)
    before = AuditEvent.objects.count()
    changes: list[Callable[..., object]] = [
        lambda **said: remove_shift(mine, now=NOW, **said),
        lambda **said: give_shift(mine, person=other, now=NOW, **said),
        lambda **said: swap_shifts(mine, theirs, now=NOW, **said),
    ]

    for change in changes:
        with pytest.raises(InvalidInput):
            change(by=duty_lead, reason=" ")
        with pytest.raises(NotAllowed):
            change(by=engineer, reason="I want to")
    with pytest.raises(NotAllowed):
        add_shift(
            person=engineer,
            duty=DutyRole.ENGINEER,
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
            zone=ZONE,
            by=engineer,
            now=NOW,
        )
    assert AuditEvent.objects.count() == before


def at_once(change: Callable[[int], bool], count: int) -> list[bool]:
    """Run a change in so many connections at once; a refusal counts as False."""

    def run(number: int) -> bool:
        try:
            return change(number)
        except DomainError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
def test_a_shift_given_to_two_at_once_is_given_once(engineer, other, duty_lead):
    third = factory.make_staff_member("Ada Lund", Role.ENGINEER)
    shift = make_shift(engineer, duty_lead, 24, 8)
    outcomes = race(
        *(
            partial(give_shift, shift, person=one, reason="Dentist", by=duty_lead, now=NOW)
            for one in (other, third)
        )
    )
    assert len(refusals(outcomes, RosterConflict)) == 1
