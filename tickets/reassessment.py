"""What a ticket's deadline would be on today's terms: shown before it is decided, and decided on.

Source: domain, Frozen terms; docs/decisions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, prefetch_related_objects

from entitlements.calendar_versions import current_versions
from entitlements.choices import Severity
from entitlements.models import Customer, ServiceLevel
from entitlements.promise import (
    Promise,
    Terms,
    contract_in_force,
    promise_of_level,
    terms_for,
)
from sla.choices import ClockEventKind
from sla.models import CalendarVersion, Clock, ClockEvent
from sla.reassessment import Proposal, figures_on, propose
from tickets.choices import Basis, TicketKind
from tickets.models import Ticket

# A clock's events as they are replayed.
WITH_VERSIONS = Prefetch(
    "events", ClockEvent.objects.select_related("calendar_version").order_by("pk")
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """A ticket's clock on today's terms: what it counts on, and both deadlines."""

    basis: Basis
    terms: Terms
    level: ServiceLevel
    proposal: Proposal
    before: datetime

    @property
    def after(self) -> datetime:
        return self.proposal.due_at

    @property
    def moves(self) -> bool:
        return self.after != self.before

    @property
    def is_later(self) -> bool:
        return self.after > self.before


def outlooks(ticket: Ticket, now: datetime) -> dict[Basis, Outlook]:
    """What the running clock of a ticket can be re-assessed on; empty when nothing differs."""
    clock = ticket.response_clock
    if clock is None or clock.stopped_at is not None or clock.due_at is None:
        return {}
    prefetch_related_objects([clock], WITH_VERSIONS)
    versions = current_versions(calendars_of(ticket, clock))
    on_calendar = outlook_on(ticket, clock, versions, now)
    found = {Basis.CALENDAR: on_calendar} if on_calendar.moves else {}
    on_contract = outlook_on_contract(ticket, clock, TermsToday(ticket.customer, now), now)
    return found | ({Basis.CONTRACT: on_contract} if on_contract is not None else {})


def calendars_of(ticket: Ticket, clock: Clock) -> set[int]:
    """The calendars that a clock's deadline rests on, by key."""
    found = {clock.calendar_version.calendar_id}
    if clock.waits_for_call and ticket.edition.business_calendar_id is not None:
        found.add(ticket.edition.business_calendar_id)
    return found


def outlook_on(
    ticket: Ticket, clock: Clock, versions: Mapping[int, CalendarVersion], now: datetime
) -> Outlook:
    """The clock on other versions of its calendars, by the calendar's key; its terms stay.

    Runs no query when the clock's events are prefetched WITH_VERSIONS.
    """
    assert clock.due_at is not None, "a paused clock has no deadline to move"
    version = versions[clock.calendar_version.calendar_id]
    zone = clock.zone if counts_in_a_contracts_zone(ticket) else version.zone
    figures = figures_on(clock.events.all(), version, zone=zone)
    start = figures.started_at
    if clock.waits_for_call and ticket.edition.business_calendar_id is not None:
        # Counted from our opening, which the business window's version decides.
        business = versions[ticket.edition.business_calendar_id].schedule(zone)
        start = business.next_opening(ticket.filed_at)
    proposal = propose(
        clock,
        calendar_version=version,
        zone=zone,
        target=clock.target,
        counts_from=start,
        latest_due_at=figures.latest_due_at,
        now=now,
    )
    terms = Terms(ticket.edition, ticket.contract, zone)
    return Outlook(Basis.CALENDAR, terms, ticket.service_level, proposal, clock.due_at)


class TermsToday:
    """What a customer's contract promises now; read once for all tickets that are asked about."""

    def __init__(self, customer: Customer, now: datetime) -> None:
        self.contract = contract_in_force(customer, now)
        self._terms: dict[bool, Terms] = {}
        self._levels: dict[int, dict[int, ServiceLevel]] = {}
        self._versions: dict[int, CalendarVersion] = {}

    def promise(self, ticket: Ticket) -> Promise | None:
        """What a ticket would be promised on today's terms; None without a contract in force."""
        if self.contract is None:
            return None
        premium = ticket.kind == TicketKind.PREMIUM
        if premium not in self._terms:
            self._terms[premium] = terms_for(self.contract, premium=premium)
        terms = self._terms[premium]
        level = self._levels_of(terms)[Severity(ticket.severity)]
        return promise_of_level(terms, level, self._versions, ticket.filed_at)

    def _levels_of(self, terms: Terms) -> dict[int, ServiceLevel]:
        edition = terms.edition
        if edition.pk not in self._levels:
            levels = list(edition.service_levels.select_related("calendar", "ladder"))
            self._levels[edition.pk] = {level.severity: level for level in levels}
            calendars = {level.calendar_id for level in levels}
            if edition.business_calendar_id is not None:
                calendars.add(edition.business_calendar_id)
            self._versions |= current_versions(calendars)
        return self._levels[edition.pk]


def outlook_on_contract(
    ticket: Ticket, clock: Clock, today: TermsToday, now: datetime
) -> Outlook | None:
    """The clock on the contract's terms now; None when it has them, or they promise no time.

    Under another edition the target counts from the filing, or from the call it waited for. A
    target once promised is not taken away. No query of its own when the clock's events are
    prefetched WITH_VERSIONS.
    """
    assert clock.due_at is not None, "a paused clock has no deadline to move"
    promise = today.promise(ticket)
    if promise is None:
        return None
    terms = promise.terms
    is_same_edition = terms.edition == ticket.edition
    is_same_zone = terms.zone in ("", clock.zone)
    if promise.target is None or (is_same_edition and is_same_zone):
        return None
    start, latest = ticket.filed_at, None
    if is_same_edition:
        figures = figures_on(clock.events.all(), promise.calendar_version, zone=promise.zone)
        start, latest = figures.started_at, figures.latest_due_at
        if clock.waits_for_call and promise.starts_at is not None:
            # Counted from our opening, which is another one in another zone.
            start = promise.starts_at
    elif promise.call_required and promise.starts_at is not None:
        start = min([promise.starts_at, *_calls(clock.events.all())])
    proposal = propose(
        clock,
        calendar_version=promise.calendar_version,
        zone=promise.zone,
        target=promise.target,
        counts_from=start,
        latest_due_at=latest,
        now=now,
    )
    return Outlook(Basis.CONTRACT, terms, promise.level, proposal, clock.due_at)


def _calls(events: Iterable[ClockEvent]) -> list[datetime]:
    return [event.at for event in events if event.kind == ClockEventKind.CALLED]


def terms_of(ticket: Ticket) -> Terms:
    """The terms a ticket was filed under, counted in the zone they are counted in."""
    return Terms(ticket.edition, ticket.contract, zone_counted_in(ticket))


def zone_counted_in(ticket: Ticket) -> str:
    """The zone a ticket's hours are counted in, empty where the calendar's own is.

    It is the clock's; without a clock that of the contract when the ticket was filed. That the
    contract has another one by now moves nothing. One query at most, and only without a clock.
    """
    if ticket.contract is None or not counts_in_a_contracts_zone(ticket):
        return ""
    clock = ticket.response_clock
    return ticket.contract.zone_at(ticket.filed_at) if clock is None else clock.zone


def counts_in_a_contracts_zone(ticket: Ticket) -> bool:
    """Whether the clock's zone came from a contract and not from its calendar."""
    return ticket.contract_id is not None and (
        ticket.kind == TicketKind.PREMIUM or not ticket.edition.is_standard
    )
