"""What a running clock's deadline would be on other terms, before anybody decides."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sla.business_time import Schedule
from sla.choices import ClockEventKind
from sla.models import CalendarVersion, Clock, ClockEvent
from sla.replay import Figures, Happening, Terms, follow, replay


@dataclass(frozen=True, slots=True)
class Proposal:
    """Other terms for a clock and the deadline they give: what reassess_clock takes.

    Units: as Clock. `latest_due_at` is a deadline that must not move later, or None; `is_anew` when
    the target counts from the very moment of the re-assessment.
    """

    calendar_version: CalendarVersion
    zone: str
    target: timedelta
    counts_from: datetime
    latest_due_at: datetime | None
    due_at: datetime
    is_anew: bool = False

    @property
    def schedule(self) -> Schedule:
        return self.calendar_version.schedule(self.zone)


def propose(
    clock: Clock,
    *,
    calendar_version: CalendarVersion,
    zone: str,
    target: timedelta,
    counts_from: datetime,
    latest_due_at: datetime | None,
    now: datetime,
) -> Proposal:
    """The deadline of other terms; one that has passed already would be nobody's to keep.

    Where the terms would have been missed by `now` and the present deadline is still ahead, the
    target counts from now instead, and is due no later than the present deadline. Pauses stay
    pauses. No query when the clock's events are prefetched with their versions.
    Source: docs/decisions, a raised severity counts from the change.
    """
    figures = replay(event.happening() for event in clock.events.all())
    terms = Terms(target, calendar_version.schedule(zone))

    def due(start: datetime, latest: datetime | None) -> datetime:
        happening = Happening(
            ClockEventKind.REASSESSED, now, terms=terms, counts_from=start, latest_due_at=latest
        )
        due_at = follow(figures, happening).due_at
        assert due_at is not None, "a paused clock has no deadline to move"
        return due_at

    due_at, is_anew = due(counts_from, latest_due_at), False
    if clock.due_at is not None and due_at <= now < clock.due_at:
        counts_from, latest_due_at, is_anew = now, clock.due_at, True
        due_at = due(counts_from, latest_due_at)
    return Proposal(calendar_version, zone, target, counts_from, latest_due_at, due_at, is_anew)


def figures_on(
    events: Iterable[ClockEvent], version: CalendarVersion, *, zone: str = ""
) -> Figures:
    """The clock as it would be if its calendar had always said what `version` says.

    In `zone`, when that is given. Events that counted on another calendar stay as they were. A
    cap, which was the deadline before a re-assessment, is the one that would have been before it.
    """
    happenings: list[Happening] = []
    for event in events:
        happening = event.happening()
        if (
            happening.terms is not None
            and event.calendar_version is not None
            and event.calendar_version.calendar_id == version.calendar_id
        ):
            terms = Terms(happening.terms.target, version.schedule(zone or event.zone))
            happening = replace(happening, terms=terms)
        if happening.latest_due_at is not None:
            happening = replace(happening, latest_due_at=replay(happenings).due_at)
        happenings.append(happening)
    return replay(happenings)
