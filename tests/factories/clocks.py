"""Clocks on the catalogue's calendars and ladders, and what the watch wrote on them."""

from datetime import datetime, timedelta

from accounts.models import User
from sla.models import Calendar, Clock, Ladder
from sla.operations import claim_due_steps, start_clock

ALWAYS = "always"
BUSINESS = "msa-business-hours"


def make_clock(
    ladder: str,
    target: timedelta,
    at: datetime,
    *,
    calendar: str = ALWAYS,
    by: User | None = None,
    waits_for_call: bool = False,
) -> Clock:
    version = Calendar.objects.get(key=calendar).current
    return start_clock(
        calendar_version=version,
        zone=version.zone,
        target=target,
        ladder=Ladder.objects.get(key=ladder),
        at=at,
        waits_for_call=waits_for_call,
        by=by,
    )


def watch_on_time(clock: Clock, until: datetime) -> list[tuple[str, datetime]]:
    """Claim each step at its time, as a watch that never sleeps would; name what was acted on."""
    acted = []
    while (at := Clock.objects.get(pk=clock.pk).next_step_at) is not None and at <= until:
        record = claim_due_steps(clock, now=at)
        assert record is not None
        acted.append((str(record.step), record.due_at))
    return acted
