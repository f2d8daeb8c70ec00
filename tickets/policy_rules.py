"""What a draft policy promises each ticket, and what happened to it: read for many at once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import prefetch_related_objects

from entitlements.models import Edition, ServiceLevel
from entitlements.policy_draft import LevelDraft, PolicyDraft
from entitlements.what_if import History, Reassessment, Rule, Rules
from sla.business_time import Schedule, schedule_for, windows_key
from sla.choices import ClockEventKind
from sla.models import Calendar, CalendarVersion, ClockEvent, LadderVersion
from sla.replay import Terms
from sla.step_times import StepTiming
from tickets.choices import EventKind
from tickets.models import Message, Ticket, TicketEvent
from tickets.reassessment import zone_counted_in


class PolicyRules:
    """The rules of a draft for any ticket; plans, calendars and ladders are read once."""

    def __init__(self, draft: PolicyDraft) -> None:
        self._draft = draft
        editions = Edition.objects.select_related("plan")
        self._editions = {edition.pk: edition for edition in editions}
        self._levels = {
            (level.edition_id, level.severity): level for level in ServiceLevel.objects.all()
        }
        self._calendars = {calendar.key: calendar.pk for calendar in Calendar.objects.all()}
        self._versions: dict[int, list[CalendarVersion]] = defaultdict(list)
        for version in CalendarVersion.objects.order_by("calendar", "number"):
            self._versions[version.calendar_id].append(version)
        self._steps: dict[int, list[StepTiming]] = {}
        self._ladders: dict[str, int] = {}
        # In the order of their numbers: what stays is each ladder's present version.
        ladders = LadderVersion.objects.select_related("ladder").order_by("number")
        for climbed in ladders.prefetch_related("steps"):
            self._ladders[climbed.ladder.key] = climbed.ladder_id
            self._steps[climbed.ladder_id] = list(climbed.steps.all())

    def of(self, ticket: Ticket) -> Rules:
        """Return the rules a ticket would have been filed under."""
        edition = ticket.edition
        if self._draft.edition:
            edition = next(one for one in self._editions.values() if one.key == self._draft.edition)
        zone = zone_counted_in(ticket)

        def rule(severity: int, at: datetime) -> Rule:
            return self._rule(self._editions[edition.pk], severity, zone, at)

        return rule

    def touches(self, severity: int) -> bool:
        """Whether the draft says anything about the terms of a severity."""
        draft = self._draft
        return bool(draft.edition or draft.hours or severity in draft.levels)

    def _rule(self, edition: Edition, severity: int, zone: str, at: datetime) -> Rule:
        level = self._levels[edition.pk, severity]
        change = self._draft.levels.get(severity, LevelDraft())
        calendar = self._calendars.get(change.calendar, level.calendar_id)
        schedule = self._schedule(calendar, zone, at)
        business = None
        if edition.phone_required_out_of_hours and edition.business_calendar_id is not None:
            in_zone = zone or self._version(calendar, at).zone
            business = self._schedule(edition.business_calendar_id, in_zone, at)
        target = level.target if change.target is None else change.target
        return Rule(
            target=None if change.is_without_target else target,
            schedule=schedule,
            business=business,
            steps=self._ladder(change, level),
        )

    def _ladder(self, change: LevelDraft, level: ServiceLevel) -> list[StepTiming]:
        if self._draft.steps:
            return list(self._draft.steps)
        ladder = self._ladders.get(change.ladder, level.ladder_id)
        return [] if ladder is None else self._steps[ladder]

    def _schedule(self, calendar: int, zone: str, at: datetime) -> Schedule:
        version = self._version(calendar, at)
        hours = self._draft.hours
        if hours is None or self._calendars.get(hours.calendar) != calendar:
            return version.schedule(zone)
        closures = (set(version.closures) | set(hours.closed)) - set(hours.opened)
        return schedule_for(
            zone or version.zone,
            windows_key({day: [(a, b) for a, b in one] for day, one in hours.windows.items()}),
            tuple(sorted(closures)),
        )

    def _version(self, calendar: int, at: datetime) -> CalendarVersion:
        """The version of then; the first one before there was any."""
        versions = self._versions[calendar]
        return next((one for one in reversed(versions) if one.created_at <= at), versions[0])


def histories_of(tickets: Iterable[Ticket], rules: PolicyRules) -> dict[int, History]:
    """Read what happened to tickets, by key; five queries for all of them."""
    tickets = list(tickets)
    prefetch_related_objects(tickets, "merges__target")
    severities: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    first: dict[int, int] = {}
    calls: dict[int, list[datetime]] = defaultdict(list)
    events = TicketEvent.objects.filter(
        ticket__in=tickets, kind__in=(EventKind.SEVERITY_CHANGED, EventKind.CALLED)
    ).order_by("at", "pk")
    for event in events:
        if event.kind == EventKind.CALLED:
            calls[event.ticket_id].append(datetime.fromisoformat(event.details["called_at"]))
        else:
            before, after = event.details["severity"]
            first.setdefault(event.ticket_id, before)
            severities[event.ticket_id].append((event.at, after))
    about = {ticket.pk for ticket in tickets}
    about |= {merge.target_id for ticket in tickets for merge in ticket.merges.all()}
    answers: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    for message in Message.objects.filter(ticket__in=about, qualified=True).order_by("at", "pk"):
        answers[message.ticket_id].append((message.at, message.overturned_at))
    reassessed = _reassessments(tickets, first, severities, rules)
    found = {}
    for ticket in tickets:
        # Nothing is owed on a closed ticket any more, whoever closed it; a merge passes it on.
        closed_at = ticket.goes_on_in.closed_at
        ended = [] if closed_at is None else [(closed_at, None)]
        there = [
            answer
            for one in ticket.merges.all()
            for answer in answers[one.target_id]
            if one.held_at(answer[0])
        ]
        clock = ticket.response_clock
        found[ticket.pk] = History(
            filed_at=ticket.filed_at,
            severity=first.get(ticket.pk, ticket.severity),
            severities=severities[ticket.pk],
            calls=calls[ticket.pk],
            answers=[*answers[ticket.pk], *there, *ended],
            reassessments=reassessed[ticket.pk],
            excused_at=None if clock is None else clock.excused_at,
        )
    return found


def _reassessments(
    tickets: list[Ticket],
    first: dict[int, int],
    severities: dict[int, list[tuple[datetime, int]]],
    rules: PolicyRules,
) -> dict[int, list[Reassessment]]:
    """Read the deadlines that leads put on other terms; a change of severity is none of these."""
    by_clock = {one.response_clock_id: one for one in tickets if one.response_clock_id}
    found: dict[int, list[Reassessment]] = defaultdict(list)
    events = ClockEvent.objects.filter(
        clock__in=by_clock, kind=ClockEventKind.REASSESSED
    ).select_related("calendar_version")
    for event in events.order_by("pk"):
        ticket = by_clock[event.clock_id]
        changes = severities[ticket.pk]
        if any(abs(at - event.at) < timedelta(seconds=1) for at, _ in changes):
            continue
        assert event.counts_from is not None, "a re-assessment says where it counts from"
        held = [first.get(ticket.pk, ticket.severity)]
        held += [severity for at, severity in changes if at <= event.at]
        terms: Terms | None = event.happening().terms
        found[ticket.pk].append(
            Reassessment(
                at=event.at,
                counts_from=event.counts_from,
                is_capped=event.latest_due_at is not None,
                terms=None if rules.touches(held[-1]) else terms,
            )
        )
    return found
