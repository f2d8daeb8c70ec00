"""Who is told what of the roster. Outbox rows in the caller's transaction."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from accounts.choices import Role
from accounts.models import User
from notifications.operations import notify
from sla import wording
from sla.business_time import Span
from sla.choices import DutyRole
from sla.models import ClockAudit, HandOver, Shift, ShiftPattern

ROSTER_PATH = "/roster/"
AUDITS_PATH = "/clock-audits/"


def tell_of_shift(
    shift: Shift, person: User, what: str, *, by: User, reason: str, now: datetime
) -> None:
    """Tell a person that a shift became theirs or no longer is; not those who did it themselves."""
    if person.pk == by.pk:
        return
    why = f" Reason: {reason}" if reason else ""
    notify(
        [person],
        key=f"shift:{shift.pk}:{now.timestamp():.6f}",
        kind="shift",
        subject=f"{what}: {_when(shift.span, person, now)}",
        body=f"{shift.get_duty_display()}, {_when(shift.span, person, now)}. Changed by {by}.{why}",
        path=ROSTER_PATH,
        now=now,
    )


def tell_of_pattern(
    pattern: ShiftPattern, people: Iterable[User], *, by: User, now: datetime
) -> None:
    """Tell people that they are on the roster from now on."""
    notify(
        [person for person in people if person.pk != by.pk],
        key=f"shift-pattern:{pattern.pk}",
        kind="shift",
        subject=f"You are on the roster: {pattern}",
        body=(
            f"{pattern} ({pattern.zone}), from {wording.date_words(pattern.from_on)}. "
            f"Planned by {by}. Your shifts are on the roster."
        ),
        path=ROSTER_PATH,
        now=now,
    )


def tell_of_pattern_end(
    pattern: ShiftPattern, people: Iterable[User], *, last_on: date, by: User, now: datetime
) -> None:
    """Tell people that their shifts after a day are off the roster."""
    day = wording.date_words(last_on)
    notify(
        [person for person in people if person.pk != by.pk],
        key=f"shift-pattern:{pattern.pk}:{last_on.isoformat()}",
        kind="shift",
        subject=f"Off the roster after {day}: {pattern}",
        body=f"{pattern} ({pattern.zone}) ends on {day}. Ended by {by}.",
        path=ROSTER_PATH,
        now=now,
    )


def tell_of_hand_over(hand_over: HandOver, people: Iterable[User]) -> None:
    """Give the note to the next on duty."""
    attention = f"\n\nNeeds attention: {hand_over.attention}" if hand_over.attention else ""
    notify(
        people,
        key=f"hand-over:{hand_over.pk}",
        kind="hand_over",
        subject=f"Hand-over from {hand_over.author}",
        body=hand_over.body + attention,
        path=ROSTER_PATH,
        now=hand_over.at,
    )


def tell_of_gap(duty: DutyRole, gap: Span, end: datetime | None, *, now: datetime) -> int:
    """Tell duty leads and support managers of a gap, once each, and say how many were told.

    `end` is None when nobody is planned after it at all.
    """
    people = User.objects.active().with_role(Role.DUTY_LEAD, Role.SUPPORT_MANAGER)
    until = f"{end:%Y%m%dT%H%M%S}" if end else "open"
    told = 0
    for person in people:
        since = _moment(gap.start, person, now)
        words = f"from {since} until {_moment(end, person, now)}" if end else f"from {since} on"
        told += len(
            notify(
                [person],
                key=f"roster-gap:{duty}:{gap.start:%Y%m%dT%H%M%S}:{until}",
                kind="roster_gap",
                subject=f"Nobody is planned as {duty.label.lower()} {words}",
                body=(
                    f"The roster has nobody as {duty.label.lower()} {words}. Fill the gap, or "
                    "escalations in it go to everybody with the role."
                ),
                path=ROSTER_PATH,
                urgent=True,
                now=now,
            )
        )
    return told


def tell_of_audit(audit: ClockAudit) -> None:
    """Tell administrators and duty leads that stored clocks are not what their events say."""
    clocks = "1 clock differs" if audit.troubled == 1 else f"{audit.troubled} clocks differ"
    notify(
        User.objects.active().with_role(Role.ADMINISTRATOR, Role.DUTY_LEAD),
        key=f"clock-audit:{audit.pk}",
        kind="clock_audit",
        subject=f"{clocks} from their events",
        body=(
            f"The self-audit replayed {audit.done} clocks from their events: {audit.differing} "
            f"differ from what is stored, {audit.raising} could not be replayed. The findings "
            "are listed with their tickets. Nothing was changed."
        ),
        path=f"{AUDITS_PATH}{audit.pk}/",
        urgent=True,
    )


def _when(span: Span, person: User, now: datetime) -> str:
    zone = ZoneInfo(person.timezone)
    start = wording.moment_words(span.start, zone, now=now, with_zone=False)
    return f"{start} to {_moment(span.end, person, now)}"


def _moment(at: datetime, person: User, now: datetime) -> str:
    return wording.moment_words(at, ZoneInfo(person.timezone), now=now)
