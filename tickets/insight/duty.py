"""How many engineers the roster had on duty in each hour of the week, on average."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo

from sla.choices import DutyRole
from sla.models import Shift

HOUR = timedelta(hours=1)


def on_duty_by_hour(since: datetime, until: datetime, zone: tzinfo) -> dict[int, float]:
    """Average the engineers on duty over the weeks from `since` to `until`. One query.

    Weeks before the first shift of the period are none of the roster's: nobody had planned them.
    Units: hours of the week from Monday midnight in `zone`; people.
    """
    shifts = Shift.objects.served(until).filter(duty=DutyRole.ENGINEER).between(since, until)
    spans = list(shifts.values_list("starts_at", "ends_at"))
    begun = min((starts_at for starts_at, _ in spans), default=since)
    return average_on_duty(spans, since=max(since, begun), until=until, zone=zone)


def average_on_duty(
    spans: Iterable[tuple[datetime, datetime]],
    *,
    since: datetime,
    until: datetime,
    zone: tzinfo,
) -> dict[int, float]:
    """Average stretches of duty over the weeks; an hour partly manned counts in part.

    Each hour of the week is measured by how much of it the period has: one that begins or ends in
    the middle of a week has some hours once more than others.
    """
    within = ((max(starts_at, since), min(ends_at, until)) for starts_at, ends_at in spans)
    manned = _by_hour(within, zone)
    there = _by_hour([(since, until)], zone)
    return {key: spent / there[key] for key, spent in manned.items()}


def _by_hour(spans: Iterable[tuple[datetime, datetime]], zone: tzinfo) -> dict[int, timedelta]:
    hours: dict[int, timedelta] = {}
    for begins, end in spans:
        # By elapsed time: an hour later by the wall clock is two hours or none when it changes.
        at = begins.astimezone(UTC)
        while at < end:
            local = at.astimezone(zone)
            # To the next full hour; zones are whole minutes from UTC, and wall clocks show them.
            past = timedelta(
                minutes=local.minute, seconds=local.second, microseconds=local.microsecond
            )
            until_next = min(at + HOUR - past, end)
            key = local.weekday() * 24 + local.hour
            hours[key] = hours.get(key, timedelta()) + (until_next - at)
            at = until_next
    return hours
