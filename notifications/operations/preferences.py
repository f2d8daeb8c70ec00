"""How a person wants to be told by e-mail."""

from collections.abc import Collection, Mapping
from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from notifications.choices import Reach, Topic, Weekday
from notifications.models import Preferences


@transaction.atomic
def choose_mail(
    user: User,
    *,
    reaches: Mapping[Topic, Reach],
    digest_at: time,
    quiet_from: time | None,
    quiet_until: time | None,
    quiet_days: Collection[int],
    by: User,
    now: datetime | None = None,
) -> Preferences:
    """Say how each topic reaches a person by e-mail, and when nothing may.

    Holds from the next notice on; what waits for a digest already comes when it was to come.
    Raises: NotAllowed; InvalidInput for half of the quiet hours, for none of their days, and when
    they begin and end at the same time. Effects: the Preferences, one audit row with what changed.
    """
    if by.pk != user.pk:
        raise NotAllowed("A person chooses only their own mail.")
    _check_quiet_hours(quiet_from, quiet_until, quiet_days)
    # The person's row is the lock: the first choice makes the row of the preferences.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    before = Preferences.objects.filter(user=user).first() or Preferences(user=user)
    after, _ = Preferences.objects.update_or_create(
        user=user,
        defaults={
            "choices": {topic.value: reach.value for topic, reach in sorted(reaches.items())},
            "digest_at": digest_at,
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
            "quiet_days": [] if quiet_from is None else sorted(set(quiet_days)),
        },
    )
    said, says = _in_words(before), _in_words(after)
    changes = {name: [said[name], says[name]] for name in says if said[name] != says[name]}
    if changes:
        record_change("mail preferences changed", user, by=by, changes=changes, now=now)
    return after


def preferences_of(user: User) -> Preferences:
    """Return a person's choices, the defaults when they never chose."""
    return Preferences.objects.filter(user=user).first() or Preferences(user=user)


def _check_quiet_hours(
    quiet_from: time | None, quiet_until: time | None, quiet_days: Collection[int]
) -> None:
    if quiet_from is None and quiet_until is None:
        return
    if quiet_from is None:
        raise InvalidInput(_("Say when the quiet hours begin, or clear both."), field="quiet_from")
    if quiet_until is None:
        raise InvalidInput(_("Say when the quiet hours end, or clear both."), field="quiet_until")
    if quiet_from == quiet_until:
        raise InvalidInput(
            _("Quiet hours begin and end at different times. They may run past midnight."),
            field="quiet_until",
        )
    if not quiet_days:
        raise InvalidInput(_("Choose the days the quiet hours begin on."), field="quiet_days")


def _in_words(preferences: Preferences) -> dict[str, str]:
    hours = (
        f"{preferences.quiet_from:%H:%M} to {preferences.quiet_until:%H:%M}"
        if preferences.quiet_from and preferences.quiet_until
        else ""
    )
    return {
        "digest": f"{preferences.digest_at:%H:%M}",
        "quiet hours": hours,
        "quiet days": ", ".join(Weekday(day).label for day in preferences.quiet_days),
    } | {topic.label: preferences.reach_of(topic).label for topic in Topic}
