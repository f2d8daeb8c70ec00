"""Hand-over notes, and whom they reach."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.choices import Role
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent
from notifications.models import Notice
from sla.models import HandOver
from sla.operations.hand_overs import write_hand_over
from tests.factories import entitlements as factory
from tests.factories.roster import NOW, make_shift

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(db):
    return factory.make_staff_member("Tomas Herrera", Role.ENGINEER)


def test_the_next_on_duty_is_given_the_note(engineer, other, duty_lead):
    shift = make_shift(engineer, duty_lead, -7, 8)
    make_shift(other, duty_lead, 1, 8)
    Notice.objects.all().delete()

    note = write_hand_over(shift, body="Quiet. ", attention="20418, 20433", by=engineer, now=NOW)

    assert (note.author, note.body, note.attention) == (engineer, "Quiet.", "20418, 20433")
    assert AuditEvent.objects.get(action="shift handed over").by == engineer
    notice = Notice.objects.get()
    assert notice.recipient == other
    assert "Quiet." in notice.body
    assert "20418, 20433" in notice.body


def test_after_a_gap_the_note_goes_to_whoever_comes_first(engineer, other, duty_lead):
    shift = make_shift(engineer, duty_lead, -7, 8)
    make_shift(other, duty_lead, 5, 8)
    later = factory.make_staff_member("Anjali Menon", Role.ENGINEER)
    make_shift(later, duty_lead, 13, 8)
    Notice.objects.all().delete()

    write_hand_over(shift, body="Quiet.", attention="", by=engineer, now=NOW)

    assert Notice.objects.get().recipient == other


def test_a_note_is_left_some_hours_late_but_not_the_next_day(engineer, duty_lead):
    shift = make_shift(engineer, duty_lead, -8, 8)

    write_hand_over(
        shift, body="Late.", attention="", by=engineer, now=NOW + timedelta(hours=5, minutes=59)
    )
    with pytest.raises(NotAllowed):
        write_hand_over(
            shift, body="Later.", attention="", by=engineer, now=NOW + timedelta(hours=6)
        )
    assert HandOver.objects.count() == 1


def test_only_who_had_the_shift_hands_it_over_and_not_before_it(engineer, other, duty_lead):
    shift = make_shift(engineer, duty_lead, -1, 8)
    coming = make_shift(engineer, duty_lead, 24, 8)

    for one, by in ((shift, other), (shift, duty_lead), (coming, engineer)):
        with pytest.raises(NotAllowed):
            write_hand_over(one, body="Quiet.", attention="", by=by, now=NOW)
    with pytest.raises(InvalidInput):
        write_hand_over(shift, body=" ", attention="20418", by=engineer, now=NOW)
    assert not HandOver.objects.exists()


def test_the_database_refuses_to_change_a_note(engineer, duty_lead):
    shift = make_shift(engineer, duty_lead, -1, 8)
    note = write_hand_over(shift, body="Quiet.", attention="", by=engineer, now=NOW)

    with pytest.raises(DatabaseError), transaction.atomic():
        HandOver.objects.filter(pk=note.pk).update(body="Loud.")
