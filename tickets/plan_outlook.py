"""What the incidents of the last year would have been promised under another plan."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from entitlements.choices import Severity
from entitlements.models import Customer, Edition
from entitlements.policy_draft import PolicyDraft
from entitlements.what_if import Kept, Outcome, replay_ticket
from tickets.choices import TicketKind
from tickets.models import Ticket
from tickets.policy_replay import kept_by
from tickets.policy_rules import PolicyRules, histories_of

YEAR = timedelta(days=365)
# The newest so many: a page is no report, and two thousand take half a second.
MOST_TICKETS = 2000
EXAMPLES = 8


@dataclass(frozen=True, slots=True)
class Compared:
    """One ticket: what was promised, and what would have been. None is no promised time."""

    ticket: Ticket
    was: Kept
    would: Kept

    @property
    def sooner(self) -> timedelta | None:
        """By how much the promised moment would have been sooner."""
        if self.was.due_at is None or self.would.due_at is None:
            return None
        return self.was.due_at - self.would.due_at

    @property
    def waited(self) -> timedelta | None:
        """How long after filing the answer would have been due, by the calendar on the wall."""
        return None if self.would.due_at is None else self.would.due_at - self.ticket.filed_at

    @property
    def waits(self) -> timedelta | None:
        return None if self.was.due_at is None else self.was.due_at - self.ticket.filed_at


@dataclass
class Line:
    """The tickets of one severity. Spans are medians of real time from filing to the deadline."""

    severity: int
    compared: list[Compared] = field(default_factory=list)

    @property
    def tickets(self) -> int:
        return len(self.compared)

    @property
    def promised(self) -> int:
        return sum(one.was.due_at is not None for one in self.compared)

    @property
    def would_be_promised(self) -> int:
        return sum(one.would.due_at is not None for one in self.compared)

    @property
    def waits(self) -> timedelta | None:
        return _median([one.waits for one in self.compared])

    @property
    def would_wait(self) -> timedelta | None:
        return _median([one.waited for one in self.compared])


@dataclass(frozen=True, slots=True)
class PlanOutlook:
    """The comparison of a year.

    `is_of_break_fix` when there was no premium incident: then the break/fix tickets are counted as
    if they had been. `left_out` are older tickets that a page leaves out.
    """

    lines: list[Line]
    examples: list[Compared]
    is_of_break_fix: bool
    left_out: int

    @property
    def tickets(self) -> int:
        return sum(line.tickets for line in self.lines)

    @property
    def sooner(self) -> int:
        """How many would have been promised sooner, or at all."""
        return sum(
            one.would.due_at is not None and (one.was.due_at is None or one.sooner > timedelta())  # type: ignore[operator]  # both are there
            for line in self.lines
            for one in line.compared
        )

    @property
    def later(self) -> int:
        return sum(
            one.sooner is not None and one.sooner < timedelta()
            for line in self.lines
            for one in line.compared
        )

    @property
    def late_then(self) -> int:
        """How many were answered after the time another plan promises."""
        return sum(
            one.would.outcome in {Outcome.MISSED, Outcome.EXCUSED}
            for line in self.lines
            for one in line.compared
        )


def compare_with(customer: Customer, edition: Edition, *, now: datetime) -> PlanOutlook:
    """Replay a customer's incidents of the last year under an edition; it changes nothing.

    What happened stays what it was: severities, calls, answers. Queries do not grow with tickets.
    """
    filed = Ticket.objects.filter(customer=customer, filed_at__gte=now - YEAR, filed_at__lte=now)
    newest = filed.select_related("edition__plan", "contract", "response_clock", "customer")
    newest = newest.prefetch_related("contract__amendments")
    tickets = list(
        newest.filter(kind__in=(TicketKind.PREMIUM, TicketKind.BREAK_FIX)).order_by("-filed_at")[
            : MOST_TICKETS + 1
        ]
    )
    left_out = max(len(tickets) - MOST_TICKETS, 0)
    premium = [one for one in tickets if one.kind == TicketKind.PREMIUM]
    chosen = (premium or tickets)[:MOST_TICKETS]
    rules = PolicyRules(PolicyDraft(edition=edition.key))
    histories = histories_of(chosen, rules)
    lines = {severity.value: Line(severity.value) for severity in Severity}
    for ticket in chosen:
        would = replay_ticket(histories[ticket.pk], rules.of(ticket), until=now)
        lines[ticket.severity].compared.append(Compared(ticket, kept_by(ticket, now, 0), would))
    found = [one for line in lines.values() for one in line.compared]
    gained = [one for one in found if one.sooner is not None and one.sooner > timedelta()]
    gained.sort(key=lambda one: one.sooner or timedelta(), reverse=True)
    return PlanOutlook(
        lines=[line for line in lines.values() if line.compared],
        examples=gained[:EXAMPLES],
        is_of_break_fix=not premium and bool(chosen),
        left_out=left_out,
    )


def _median(spans: list[timedelta | None]) -> timedelta | None:
    known = [one.total_seconds() for one in spans if one is not None]
    return timedelta(seconds=median(known)) if known else None
