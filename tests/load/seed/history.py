"""Three years of tickets: what was filed, said, promised and done, as the operations leave it."""

import json
import math
import random
from bisect import bisect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import accumulate

from entitlements.models import Edition, LedgerEntry, SeverityDefinition
from tests.load.seed.clocks import ClockWriter, Level, Levels, Run
from tests.load.seed.companies import YEARS, Cast, Company
from tests.load.seed.copying import Copier, text
from tests.load.seed.texts import Told, tell_stories
from tickets.choices import Channel, EventKind, TicketKind, TicketState
from tickets.models import Message, Product, Ticket, TicketEvent

NULL = "\\N"
HOUR = timedelta(hours=1)
# Weight of each UTC hour of a working day; a day at the weekend has a tenth of the tickets.
_HOURS = (1, 1, 1, 1, 1, 2, 3, 5, 6, 6, 6, 7, 9, 12, 13, 13, 12, 11, 10, 8, 6, 4, 2, 1)
_SEVERITIES = (1, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4)
_CHANNELS = [*[Channel.PORTAL] * 7, Channel.PHONE, Channel.EMAIL, Channel.API]
# Of a hundred tickets so many are slow: days lie between their messages, not hours.
_SLOW = 0.3


class History:
    """Writes tickets in the order they were filed."""

    def __init__(self, rng: random.Random, cast: Cast, *, now: datetime, first: int) -> None:
        self.rng, self.cast, self.now, self.number = rng, cast, now, first
        self.levels, self.clocks = Levels(), ClockWriter()
        self.stories = tell_stories(rng)
        self.products = {one.name: (one.pk, one.versions) for one in Product.objects.all()}
        self.criteria = _criteria()
        self.staff = [(one.pk, one.name) for one in cast.engineers]
        self.weights = list(accumulate(one.weight for one in cast.companies))
        # Looked up instead of computed: five million gaps are drawn from it.
        self.gaps = [math.exp(rng.gauss(0, 1.1)) for _ in range(20_011)]
        self.editions: dict[int, Edition] = {
            one.key: one.contract.edition for one in cast.companies if one.contract is not None
        }
        self.tickets = Copier(
            Ticket,
            (
                "id number customer_id contract_id edition_id service_level_id kind channel subject"
                " description product_id version severity asked_severity criteria state"
                " assignee_id filed_by_id submitted_by_id filed_at updated_at resolved_at closed_at"
                " weight escalation_level response_clock_id debit_id answer_due_at"
                " answer_at_risk_at"
            ),
        )
        self.messages = Copier(
            Message, "id ticket_id author_id body from_staff qualified channel at"
        )
        self.events = Copier(TicketEvent, "ticket_id kind at by_id reason details")
        self.watchers = Copier(Ticket.watchers.through, "ticket_id user_id")
        self.debits = Copier(LedgerEntry, "id year_id kind amount ticket_number reason by_id at")

    def write(self, count: int, say: Callable[[int], None]) -> None:
        """Write so many tickets, and say now and then how many there are."""
        for done, filed_at in enumerate(_filing_instants(self.rng, count, self.now), start=1):
            self._ticket(filed_at)
            if done % 5000 == 0 or done == count:
                say(done)
        copiers = (self.debits, self.tickets, self.messages, self.events, self.watchers)
        for copier in copiers:
            copier.finish()
        self.clocks.finish()

    def _ticket(self, filed_at: datetime) -> None:
        rng, key, number = self.rng, self.tickets.key(), self.number
        self.number += 1
        company = self.cast.companies[
            bisect(self.weights, rng.random() * self.weights[-1] * 0.999999)
        ]
        severity = rng.choice(_SEVERITIES)
        told = rng.choice(self.stories)
        filed_by = rng.choice(company.people)
        channel = rng.choice(_CHANNELS)
        debit, premium = self._debit(company, number, filed_at)
        if premium:
            filed_by = rng.choice(company.contacts)
        contract = company.contract
        level = self.levels.of(
            self.editions.get(company.key),
            contract.zone if contract is not None else "",
            severity,
            premium=premium,
        )
        owner = rng.choice(self.staff)
        answered_at, run = self._answer(level, filed_at, channel, owner[0])
        life = _Life(self, key, filed_at, filed_by, owner, told, channel)
        life.file(premium=premium, severity=severity)
        if run is not None:
            life.step(run)
        life.converse(answered_at)
        product, versions = self.products.get(told.product, (None, []))
        figures = run.figures if run is not None else None
        runs = figures is not None and figures.stopped_at is None
        risk = min(figures.at_risk_at or figures.due_at, figures.due_at) if runs else None  # type: ignore[union-attr,type-var]  # a clock that runs is due
        self.tickets.add(
            f"{key}\t{number}\t{company.key}\t{contract.pk if contract is not None else NULL}"
            f"\t{level.row.edition_id}\t{level.row.pk}"
            f"\t{TicketKind.PREMIUM if premium else TicketKind.BREAK_FIX}\t{channel}"
            f"\t{told.subject}\t{told.description}\t{product or NULL}"
            f"\t{versions[key % len(versions)] if versions else ''}\t{severity}\t{severity}"
            f"\t{self.criteria[severity]}\t{life.state}\t{life.assignee or NULL}\t{filed_by}"
            f"\t{filed_by}\t{filed_at}\t{life.updated_at}\t{life.resolved_at or NULL}"
            f"\t{life.closed_at or NULL}\t{level.weight if run is not None else 0}"
            f"\t{run.raised if run is not None else 0}\t{run.key if run is not None else NULL}"
            f"\t{debit}\t{figures.due_at if runs and figures is not None else NULL}"
            f"\t{risk or NULL}"
        )
        if rng.random() < 0.3:
            self.watchers.add(f"{key}\t{rng.choice(company.people)}")

    def _debit(self, company: Company, number: int, filed_at: datetime) -> tuple[str, bool]:
        """Draw a premium incident where the year has one left; most tickets want one."""
        if company.contract is None or self.rng.random() > 0.6:
            return NULL, False
        for first, last, year in company.years:
            if first <= filed_at.date() <= last and company.left[year] >= 1:
                company.left[year] -= 1
                key = self.debits.key()
                by = company.contacts[0]
                self.debits.add(f"{key}\t{year}\tdebit\t-1\t{number}\t\t{by}\t{filed_at}")
                return str(key), True
        return NULL, False

    def _answer(
        self, level: Level, filed_at: datetime, channel: Channel, by: int
    ) -> tuple[datetime | None, Run | None]:
        """When the first qualified answer came, if it has, and the clock it stopped."""
        gap = self.gap()
        if level.target is None:
            at = filed_at + 5 * HOUR * gap
            return (at if at < self.now else None), None
        # Half of the answers use half of the time; one in fifteen is late, one in fifty forgotten.
        forgotten = self.rng.random() < 0.02
        run = self.clocks.write(
            level,
            filed_at=filed_at,
            called=channel == Channel.PHONE,
            share=self.rng.uniform(1, 8) if forgotten else 0.45 * gap**0.5,
            stopped_by=by,
            now=self.now,
        )
        return run.figures.stopped_at, run

    def gap(self) -> float:
        return self.gaps[self.rng.randrange(20_011)]


class _Life:
    """The conversation of one ticket, until it ends or until now."""

    def __init__(
        self,
        history: History,
        key: int,
        filed_at: datetime,
        filed_by: int,
        owner: tuple[int, str],
        told: Told,
        channel: Channel,
    ) -> None:
        self.history, self.key, self.told, self.channel = history, key, told, channel
        self.filed_by, (self.owner, self.owner_name) = filed_by, owner
        self.state, self.assignee = TicketState.NEW, 0
        self.filed_at = self.updated_at = filed_at
        self.resolved_at: datetime | None = None
        self.closed_at: datetime | None = None

    def file(self, *, premium: bool, severity: int) -> None:
        kind = TicketKind.PREMIUM if premium else TicketKind.BREAK_FIX
        self._event(
            EventKind.FILED,
            self.filed_at,
            self.filed_by,
            f'{{"kind": "{kind}", "severity": {severity}, "channel": "{self.channel}"}}',
        )
        # One in four new tickets still waits for somebody.
        at = self.filed_at + self.history.gap() * HOUR / 3
        if at < self.history.now and self.history.rng.random() < 0.98:
            self.state, self.assignee = TicketState.IN_PROGRESS, self.owner
            self._event(
                EventKind.TAKEN,
                at,
                self.owner,
                f'{{"assignee": [null, {self.owner}], "assignee_name": "{self.owner_name}"}}',
            )

    def step(self, run: Run) -> None:
        """Write what the watch did: one event for each step that came due."""
        for one in run.stepped:
            kind = EventKind.MISSED if one.step.is_deadline else EventKind.ESCALATED
            self._event(
                kind,
                one.at,
                None,
                f'{{"step": "{one.step}", "late": false, "due_at": "{one.at.isoformat()}"}}',
            )

    def converse(self, answered_at: datetime | None) -> None:
        """Let both sides write, beginning with the first answer; the last one resolves it."""
        if answered_at is None:
            return
        rng, history = self.history.rng, self.history
        pace = 4 * HOUR if rng.random() > _SLOW else timedelta(days=11)
        turns = min(1 + int(rng.expovariate(1 / 4.0)), 22)
        at, staff_turn = answered_at, True
        self.assignee = self.owner
        for turn in range(turns):
            if at >= history.now:
                return
            self._say(at, staff_turn, qualified=turn == 0, turn=turn)
            at += pace * history.gap()
            staff_turn = not staff_turn
        if at < history.now:
            self._resolve(at)

    def _say(self, at: datetime, from_staff: bool, *, qualified: bool, turn: int) -> None:  # noqa: FBT001 - who speaks comes first
        texts = self.told.staff if from_staff else self.told.customer
        by, side = (self.owner, "t") if from_staff else (self.filed_by, "f")
        message = self.history.messages.key()
        mark = "t" if qualified else "f"
        self.history.messages.add(
            f"{message}\t{self.key}\t{by}\t{texts[(turn // 2 + self.key) % 6]}\t{side}\t{mark}"
            f"\tportal\t{at}"
        )
        before = self.state
        self.state = TicketState.IN_PROGRESS
        if from_staff and self.key % 2:
            self.state = TicketState.WAITING_FOR_CUSTOMER
        details = f'"message": {message}, "state": ["{before}", "{self.state}"]'
        if from_staff:
            marked = "true" if qualified else "false"
            self._event(EventKind.ANSWERED, at, by, f'{{{details}, "qualified": {marked}}}')
        else:
            self._event(EventKind.CUSTOMER_WROTE, at, by, f"{{{details}}}")

    def _resolve(self, at: datetime) -> None:
        message = self.history.messages.key()
        self.history.messages.add(
            f"{message}\t{self.key}\t{self.owner}\t{self.told.resolution}\tt\tt\tportal\t{at}"
        )
        before, self.state, self.resolved_at = self.state, TicketState.RESOLVED, at
        self._event(
            EventKind.RESOLVED,
            at,
            self.owner,
            f'{{"message": {message}, "state": ["{before}", "resolved"]}}',
        )
        confirmed = self.history.rng.random() < 0.4
        end = at + (self.history.gap() * 8 * HOUR if confirmed else timedelta(days=14))
        end = min(end, at + timedelta(days=14))
        if end < self.history.now:
            self.state, self.closed_at = TicketState.CLOSED, end
            by = self.filed_by if confirmed else None
            self._event(EventKind.CLOSED, end, by, '{"state": ["resolved", "closed"]}')

    def _event(self, kind: EventKind, at: datetime, by: int | None, details: str) -> None:
        self.updated_at = max(self.updated_at, at)
        self.history.events.add(
            f"{self.key}\t{kind}\t{at}\t{NULL if by is None else by}\t\t{details}"
        )


def _filing_instants(rng: random.Random, count: int, now: datetime) -> Iterator[datetime]:
    """So many instants in order, over three years up to now: working days, working hours."""
    days = [now.date() - timedelta(days=back) for back in range(365 * YEARS, -1, -1)]
    weights = [
        (0.1 if day.weekday() > 4 else 1.0) * (0.7 + 0.6 * place / len(days))
        for place, day in enumerate(days)
    ]
    total, owed = sum(weights), 0.0
    left = count
    for day, weight in zip(days, weights, strict=True):
        owed += count * weight / total
        todays = min(round(owed), left) if day != days[-1] else left
        owed -= todays
        left -= todays
        midnight = datetime.combine(day, time(), UTC)
        hours = rng.choices(range(24), _HOURS, k=todays)
        instants = [
            midnight + timedelta(seconds=hour * 3600 + rng.random() * 3600) for hour in hours
        ]
        if day == days[-1]:
            # Today is not over: what would come later came earlier.
            share = (now - midnight) / timedelta(days=1)
            instants = [midnight + (at - midnight) * share for at in instants]
        yield from sorted(instants)


def _criteria() -> dict[int, str]:
    """The first criterion of each severity, as COPY reads an array."""
    return {
        one.severity: text("{" + json.dumps(one.criteria[0]) + "}")
        for one in SeverityDefinition.objects.all()
    }
