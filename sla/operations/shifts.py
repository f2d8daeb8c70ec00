"""Changes of single shifts: added, removed, given to somebody else, swapped.

People who gain a shift are locked in key order before any shift is, so that two planners cannot
put one person on duty twice; the database's exclusion constraint stands behind that.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from sla import wording
from sla.business_time import Span
from sla.choices import DutyRole
from sla.errors import RosterConflict
from sla.models import Shift
from sla.notices import tell_of_shift
from sla.permissions import can_be_on_duty, can_plan_roster

LONGEST_SHIFT = timedelta(days=7)
ZERO = timedelta()


@transaction.atomic
def add_shift(
    *,
    person: User,
    duty: DutyRole,
    starts_at: datetime,
    ends_at: datetime,
    zone: str,
    by: User,
    now: datetime | None = None,
) -> Shift:
    """Put somebody on duty once, besides the patterns.

    Raises: NotAllowed; InvalidInput for a shift that is over, too long, or overlaps another of
    the person. Effects: one Shift, one audit row, a notice.
    """
    moment = now or timezone.now()
    require_planner(by)
    if not ZERO < ends_at - starts_at <= LONGEST_SHIFT:
        raise InvalidInput("A shift ends after it starts, within seven days.", field="ends")
    if ends_at <= moment:
        raise InvalidInput("This shift would be over already.", field="ends")
    _require_able(person, duty)
    lock_people([person])
    require_free(person, Span(starts_at, ends_at))
    shift = Shift.objects.create(
        person=person,
        duty=duty,
        starts_at=starts_at,
        ends_at=ends_at,
        zone=zone,
        changed_at=moment,
    )
    record_change("shift added", shift, by=by, now=moment)
    tell_of_shift(shift, person, "You have a shift", by=by, reason="", now=moment)
    return shift


@transaction.atomic
def remove_shift(shift: Shift, *, reason: str, by: User, now: datetime | None = None) -> Shift:
    """Take a shift off the roster; one that has begun ends now instead.

    Raises: NotAllowed, InvalidInput; RosterConflict when it is over or removed already.
    Effects: the Shift, one audit row, a notice.
    """
    moment = now or timezone.now()
    require_planner(by)
    _require_reason(reason)
    shift = _lock_shift(shift, moment)
    if shift.starts_at < moment:
        changes = {"ends_at": [shift.ends_at.isoformat(), moment.isoformat()]}
        shift.ends_at = moment
        action = "shift ended early"
    else:
        changes = {}
        shift.removed_at = moment
        action = "shift removed"
    shift.changed_at = moment
    shift.save(update_fields=["ends_at", "removed_at", "changed_at"])
    record_change(action, shift, by=by, changes=changes, reason=reason, now=moment)
    tell_of_shift(shift, shift.person, action.capitalize(), by=by, reason=reason, now=moment)
    return shift


@transaction.atomic
def give_shift(
    shift: Shift, *, person: User, reason: str, by: User, now: datetime | None = None
) -> Shift:
    """Give a shift that has not begun to somebody else.

    Raises: NotAllowed, InvalidInput; RosterConflict when it has begun, was removed, or was given
    to somebody else meanwhile. Effects: the Shift, one audit row, notices to both.
    """
    moment = now or timezone.now()
    require_planner(by)
    _require_reason(reason)
    lock_people([person])
    seen, shift = shift.person_id, _lock_shift(shift, moment, begun=False)
    if person.pk == shift.person_id:
        raise InvalidInput(f"{person} has this shift already.", field="person")
    if shift.person_id != seen:
        raise RosterConflict("This shift was given away meanwhile. Look again.")
    _require_able(person, shift.duty)
    require_free(person, shift.span)
    before = shift.person
    _put(shift, person, moment)
    record_change(
        "shift given",
        shift,
        by=by,
        changes={"person": [before.name, person.name]},
        reason=reason,
        now=moment,
    )
    tell_of_shift(shift, before, f"{person} takes your shift", by=by, reason=reason, now=moment)
    tell_of_shift(shift, person, "You have a shift", by=by, reason=reason, now=moment)
    return shift


@transaction.atomic
def swap_shifts(
    shift: Shift, other: Shift, *, reason: str, by: User, now: datetime | None = None
) -> tuple[Shift, Shift]:
    """Let two people take each other's shifts, neither of which has begun.

    Raises: NotAllowed; RosterConflict when one has begun or was removed; InvalidInput when one of
    the two may not take the other's, or is on duty then. Effects: two Shifts, an audit row of
    each, notices to both.
    """
    moment = now or timezone.now()
    require_planner(by)
    _require_reason(reason)
    lock_people([shift.person, other.person])
    first, second = sorted((shift, other), key=lambda one: one.pk)
    locked = {one.pk: _lock_shift(one, moment, begun=False) for one in (first, second)}
    seen = (shift.person_id, other.person_id)
    shift, other = locked[shift.pk], locked[other.pk]
    if (shift.person_id, other.person_id) != seen:
        raise RosterConflict("One of the shifts was given away meanwhile. Look again.")
    if shift.person_id == other.person_id:
        raise InvalidInput("Both shifts are the same person's.", field="other")
    mine, theirs = shift.person, other.person
    _require_able(theirs, shift.duty, field="other")
    _require_able(mine, other.duty, field="other")
    both = (shift.pk, other.pk)
    require_free(theirs, shift.span, besides=both, field="other")
    require_free(mine, other.span, besides=both, field="other")
    # The two may overlap, and the database would refuse the moment in which one person has both.
    Shift.objects.filter(pk=shift.pk).update(removed_at=moment)
    _put(other, mine, moment)
    _put(shift, theirs, moment)
    for one, before in ((shift, mine), (other, theirs)):
        record_change(
            "shift swapped",
            one,
            by=by,
            changes={"person": [before.name, one.person.name]},
            reason=reason,
            now=moment,
        )
        tell_of_shift(
            one, one.person, f"You take a shift of {before}", by=by, reason=reason, now=moment
        )
    return shift, other


def require_planner(by: User) -> None:
    """Raises: NotAllowed."""
    if not can_plan_roster(by):
        raise NotAllowed("Only a duty lead, support manager or administrator plans the roster.")


def lock_people(people: Iterable[User]) -> None:
    """Lock people in key order, without keeping rows that point at them from being written."""
    keys = {person.pk for person in people}
    found = User.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    list(found.values_list("pk", flat=True))


def require_free(
    person: User, span: Span, *, besides: Iterable[int] = (), field: str = "person"
) -> None:
    """Raises: InvalidInput when the locked person is on duty in some of the time."""
    taken = (
        Shift.objects.planned().filter(person=person).between(*span).exclude(pk__in=besides).first()
    )
    if taken is not None:
        zone, now = timezone.get_current_timezone(), timezone.now()
        start = wording.moment_words(taken.starts_at, zone, now=now, with_zone=False)
        end = wording.moment_words(taken.ends_at, zone, now=now)
        raise InvalidInput(
            f"{person} is on duty then already: {start} to {end}.",
            field=field,
        )


def _require_able(person: User, duty: str, *, field: str = "person") -> None:
    if not can_be_on_duty(person, duty):
        raise InvalidInput(
            f"{person} does not have the role for this: {DutyRole(duty).label.lower()}.",
            field=field,
        )


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("Say why.", field="reason")


def _lock_shift(shift: Shift, now: datetime, *, begun: bool = True) -> Shift:
    shift = Shift.objects.select_for_update(of=("self",)).get(pk=shift.pk)
    if shift.removed_at is not None:
        raise RosterConflict("This shift was removed.")
    if shift.ends_at <= now:
        raise RosterConflict("This shift is over.")
    if not begun and shift.starts_at <= now:
        raise RosterConflict("This shift has begun. End it early and add one for the rest.")
    return shift


def _put(shift: Shift, person: User, now: datetime) -> None:
    shift.person = person
    shift.changed_at = now
    shift.removed_at = None
    shift.save(update_fields=["person", "changed_at", "removed_at"])
