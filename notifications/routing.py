"""How one notice reaches one person by e-mail: at once, in a digest, or not at all."""

from datetime import datetime
from typing import NamedTuple

from notifications.choices import Reach, Topic
from notifications.models import Preferences
from notifications.quiet_hours import next_time


class Route(NamedTuple):
    """The way of a mail. `held_until` is the digest's time, and set only for a digest."""

    reach: Reach
    held_until: datetime | None = None


def route_mail(
    preferences: Preferences,
    topic: Topic,
    *,
    urgent: bool,
    must_reach: bool,
    around_the_clock: bool,
    now: datetime,
) -> Route:
    """Choose the way of a mail told at `now`.

    Urgent: at once, whatever was chosen and whatever the hour. `must_reach`: a mail of its own
    even if the person chose otherwise. `around_the_clock`: quiet hours do not hold it. What falls
    into quiet hours comes in a digest at their end.
    """
    if urgent:
        return Route(Reach.EACH)
    reach = Reach.EACH if must_reach else preferences.reach_of(topic)
    if reach == Reach.NONE:
        return Route(Reach.NONE)
    wanted_at = now
    if reach == Reach.DIGEST:
        wanted_at = next_time(now, preferences.digest_at, preferences.user.timezone)
    quiet = None if around_the_clock else preferences.quiet_hours
    quiet_until = quiet.end_of(wanted_at) if quiet else None
    if reach == Reach.EACH and quiet_until is None:
        return Route(Reach.EACH)
    return Route(Reach.DIGEST, quiet_until or wanted_at)
