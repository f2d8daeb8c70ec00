"""Who may do what to calendars, ladders and the roster."""

from datetime import datetime, timedelta

from accounts.choices import Role
from accounts.models import User
from sla.choices import DutyRole
from sla.models import RosterFeed, Shift
from sla.querysets import DUTY_ROLES

# Late notes are better than none; after that the next on duty has found out.
HAND_OVER_WITHIN = timedelta(hours=6)


def can_change_calendars(user: User) -> bool:
    """Calendars are an administrator's."""
    return user.has_role(Role.ADMINISTRATOR)


def can_read_roster(user: User) -> bool:
    """Everybody of ours sees who is on duty."""
    return user.is_staff_member


def can_plan_roster(user: User) -> bool:
    """A duty lead, support manager or administrator plans, gives and swaps shifts."""
    return user.has_role(Role.DUTY_LEAD, Role.SUPPORT_MANAGER, Role.ADMINISTRATOR)


def can_audit(user: User) -> bool:
    """Those who keep the portal's promises see its self-audits and have one made."""
    return user.has_role(Role.DUTY_LEAD, Role.SUPPORT_MANAGER, Role.ADMINISTRATOR)


def can_edit_ladders(user: User) -> bool:
    """An administrator changes ladders; everybody of ours reads them."""
    return user.has_role(Role.ADMINISTRATOR)


def can_be_on_duty(person: User, duty: str) -> bool:
    """Engineers are on duty as engineers; a support manager stands in for a duty lead."""
    return person.has_role(*DUTY_ROLES[DutyRole(duty)])


def can_hand_over(user: User, shift: Shift, now: datetime) -> bool:
    """The person of a shift leaves a note, from its start until some hours after its end."""
    return (
        user.is_active
        and shift.person_id == user.pk
        and shift.removed_at is None
        and shift.starts_at <= now < shift.ends_at + HAND_OVER_WITHIN
    )


def can_revoke_feed(user: User, feed: RosterFeed) -> bool:
    """People end their own feed; administrators anybody's."""
    return feed.person_id == user.pk or user.has_role(Role.ADMINISTRATOR)
