"""What is filed when, by whom, and what becomes of it: decided before anything is played."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tickets.choices import TicketKind
from tickets.demo.companies import COMPANIES, Company, Term
from tickets.demo.stories import Story, all_stories

ALL_TICKETS = 400
HISTORY = timedelta(days=395)  # Thirteen months.
# Suspended by the story, so nothing premium is filed in its last days.
SUSPENDED = "Cobalt Ridge Mining"
SUSPENDED_FOR = timedelta(days=9)
FOLLOW_UPS = 3
# What somebody starting the demo finds on the desk.
FRESH = timedelta(days=4)
FRESH_SHARE = 0.1
MISSED_SHARE = 0.07


class Twist(StrEnum):
    """Something out of the ordinary that happens to a ticket."""

    RAISED = "severity raised"
    LOWERED = "severity lowered"
    CONTESTED = "severity contested"
    OVERTURNED = "answer overturned"
    EXCUSED = "missed deadline excused"
    CREDITED = "incident credited back"
    HANDED_OVER = "handed over at a shift's end"
    PUT_BACK = "put back into the queue"
    WITHDRAWN = "withdrawn by the customer"
    REOPENED = "reopened"
    FOLLOWED_UP = "followed up after closing"
    HELP_ANSWERED = "escalated by the customer, and answered"
    # Where a ticket stands when the demo starts: it goes no further.
    STAYS_NEW = "nobody has taken it"
    STAYS_TAKEN = "taken, not answered"
    STAYS_IN_PROGRESS = "answered, in progress"
    STAYS_WITH_CUSTOMER = "waits for the customer"
    STAYS_WITH_LAB = "waits for the lab"
    STAYS_RESOLVED = "solved, to be confirmed"
    HELP_ASKED = "escalated by the customer just now"


@dataclass(slots=True)
class Planned:
    """One ticket to be. `seed` gives its words and times, whatever happens to the others."""

    company: Company
    story: Story
    kind: TicketKind
    severity: int
    filed_at: datetime
    seed: int
    misses: bool = False
    is_called_in: bool = True
    twists: set[Twist] = field(default_factory=set)


def plan_tickets(rng: random.Random, *, count: int, now: datetime) -> list[Planned]:
    """Decide on `count` tickets, those that follow others not counted among the result.

    Units: count of tickets; times lie between thirteen months ago and `now`.
    """
    staged = list(_staged(rng, now))
    wanted = _shares(count - len(staged) - FOLLOW_UPS)
    planned = list(staged)
    for company in COMPANIES:
        planned += _of_company(rng, company, wanted[company.name], now, scale=count / ALL_TICKETS)
    _have_a_service_request(rng, planned)
    _twist(rng, [one for one in planned if not one.twists], now)
    return sorted(planned, key=lambda one: one.filed_at)


def term_days(term: Term, today: date) -> tuple[date, date]:
    """First and last day of a contract told relative to today."""
    first = months_before(today, term.began) + timedelta(days=term.days)
    return first, months_before(first, -term.months) - timedelta(days=1)


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or the month's last day."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _shares(count: int) -> Counter[str]:
    """Give each company its share of the tickets, the largest remainders rounded up."""
    whole = sum(company.tickets for company in COMPANIES)
    exact = {company.name: count * company.tickets / whole for company in COMPANIES}
    shares = Counter({name: int(value) for name, value in exact.items()})
    rest = sorted(exact, key=lambda name: int(exact[name]) - exact[name])
    for name in rest[: count - shares.total()]:
        shares[name] += 1
    # However few they are, a small contract's quota is used up or nearly.
    for company in COMPANIES:
        if company.name in _EXACT:
            missing = max(0, company.terms[-1].drawn[-1] - shares[company.name])
            shares[company.name] += missing
            shares[max(shares, key=lambda name: shares[name])] -= missing
    return shares


def _of_company(
    rng: random.Random, company: Company, count: int, now: datetime, *, scale: float
) -> Iterator[Planned]:
    """Premium incidents first, as many as each contract year takes; the rest is break/fix."""
    for first, last, drawn in _contract_years(company, now):
        # A small contract keeps its story at any scale: used up, or nearly.
        amount = drawn if drawn <= 6 and company.name in _EXACT else round(drawn * scale)
        for _ in range(min(amount, count)):
            count -= 1
            at = _moment(rng, company, first, last)
            yield _planned(rng, company, at, TicketKind.PREMIUM)
    for _ in range(count):
        fresh = rng.random() < FRESH_SHARE
        since = now - (FRESH if fresh else HISTORY)
        at = _moment(rng, company, since, now - timedelta(minutes=10))
        yield _planned(rng, company, at, TicketKind.BREAK_FIX)


_EXACT = {"Juniper Freight", "Bramble & Finch"}
_FEW_CLOCKS = {"msa-start", "msa-plus"}


def _contract_years(company: Company, now: datetime) -> Iterator[tuple[datetime, datetime, int]]:
    """The contract years within the demo's months, newest first, with what each takes."""
    years = []
    for term in company.terms:
        first, last = term_days(term, now.date())
        starts = [months_before(first, -12 * number) for number in range(term.months // 12)]
        seen = []
        for start in starts:
            end = min(months_before(start, -12) - timedelta(days=1), last)
            # A day's distance from the edges, so that no zone puts a filing into another year.
            since = max(_noon(start) + timedelta(days=1), now - HISTORY)
            until = min(_noon(end) - timedelta(days=1), now - timedelta(minutes=10))
            if company.name == SUSPENDED:
                until = min(until, now - SUSPENDED_FOR - timedelta(days=1))
            if since < until:
                seen.append((since, until))
        years += [(*span, drawn) for span, drawn in zip(seen, term.drawn, strict=True)]
    yield from reversed(years)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def _moment(rng: random.Random, company: Company, since: datetime, until: datetime) -> datetime:
    """An instant of a working day for the company, more rarely a night or weekend."""
    zone = ZoneInfo(company.zone)
    at = since
    for _ in range(60):
        span = (until - since).total_seconds()
        at = since + timedelta(seconds=round(span * rng.random()))
        local = at.astimezone(zone)
        is_working = local.weekday() < 5 and 8 <= local.hour < 18
        if is_working or rng.random() < 0.06:
            break
    return at


def _have_a_service_request(rng: random.Random, planned: list[Planned]) -> None:
    """Let a break/fix ticket be one where chance, in a small load, made none."""
    if any(one.kind == TicketKind.SERVICE for one in planned):
        return
    stories = [story for story in all_stories() if story.kind == TicketKind.SERVICE]
    plain = (one for one in planned if one.kind == TicketKind.BREAK_FIX and not one.twists)
    for one in plain:
        one.kind, one.story = TicketKind.SERVICE, rng.choice(stories)
        one.severity = one.story.severities[0]
        return


def _planned(rng: random.Random, company: Company, at: datetime, kind: TicketKind) -> Planned:
    stories = [one for one in all_stories() if kind != TicketKind.PREMIUM or one.kind != "service"]
    story = rng.choice(stories)
    severity = rng.choices(story.severities, (6, 3, 1)[: len(story.severities)])[0]
    if kind == TicketKind.PREMIUM and severity == 4:
        severity = 3
    if kind == TicketKind.BREAK_FIX and story.kind:
        kind = TicketKind(story.kind)
    return Planned(
        company=company,
        story=story,
        kind=kind,
        severity=severity,
        filed_at=at,
        seed=rng.getrandbits(48),
        misses=rng.random() < MISSED_SHARE,
        is_called_in=rng.random() < 0.9,
    )


def _staged(rng: random.Random, now: datetime) -> Iterator[Planned]:
    """Tickets placed so that every state and every look of a clock is on the desk at the start."""
    premium, fix = TicketKind.PREMIUM, TicketKind.BREAK_FIX
    release = TicketKind.DATABASE_RELEASE
    # Company, kind, severity, minutes ago, a word of the story's subject, where it stays.
    scenes = (
        ("Northwind Logistics", premium, 1, 165, "label printing", Twist.STAYS_TAKEN),
        ("Northwind Logistics", premium, 2, 200, "backup fails", Twist.STAYS_WITH_CUSTOMER),
        ("Northwind Logistics", release, 2, 300, "Label-printer", Twist.STAYS_WITH_LAB),
        ("Northwind Logistics", fix, 3, 45, "encrypted attachments", Twist.STAYS_NEW),
        ("Northwind Logistics", premium, 3, 1700, "pending restart", Twist.STAYS_IN_PROGRESS),
        ("Northwind Logistics", premium, 2, 2600, "old signature set", Twist.STAYS_RESOLVED),
        ("Greyfield Rail", release, 1, 170, "Scanner driver", Twist.STAYS_WITH_LAB),
        ("Greyfield Rail", premium, 1, 92, "Worm spreads", Twist.STAYS_TAKEN),
        ("Harbour Light Hotels", premium, 1, 190, "Login takes", Twist.STAYS_NEW),
        ("Kettle Bay Energy", premium, 2, 25, "CPU at 100", Twist.STAYS_NEW),
        ("Kettle Bay Energy", premium, 2, 150, "cluster", Twist.STAYS_TAKEN),
        ("Eastgate Hospitals", premium, 2, 180, "Administrator account", Twist.HELP_ASKED),
        ("Bluewater Credit Union", premium, 3, 900, "certificate renewal", Twist.STAYS_TAKEN),
        ("Juniper Freight", fix, 2, 44, "authenticating proxy", Twist.STAYS_NEW),
        ("Fennimore Foods", fix, 3, 180, "USB headset", Twist.STAYS_IN_PROGRESS),
        ("Iris Valley Schools", fix, 4, 1500, "audit log", Twist.STAYS_WITH_CUSTOMER),
        ("Cobalt Ridge Mining", fix, 2, 2800, "backup agent", Twist.STAYS_IN_PROGRESS),
    )
    companies = {company.name: company for company in COMPANIES}
    for name, kind, severity, minutes, word, stays in scenes:
        story = next(one for one in all_stories() if any(word in text for text in one.subjects))
        yield Planned(
            company=companies[name],
            story=story,
            kind=kind,
            severity=severity,
            filed_at=now - timedelta(minutes=minutes),
            seed=rng.getrandbits(48),
            # One Enterprise ticket waits for its call when the demo starts out of hours.
            is_called_in=not (name == "Kettle Bay Energy" and minutes == 25),
            twists={stays},
        )


def _twist(rng: random.Random, planned: Iterable[Planned], now: datetime) -> None:
    """Choose what befalls whom, each from those it can befall; nobody gets two."""
    old = [one for one in planned if one.filed_at < now - timedelta(days=45)]
    premium = [one for one in old if one.kind == TicketKind.PREMIUM]
    # Start and Plus promise a time for Critical alone.
    with_clock = [one for one in premium if one.company.terms[-1].edition not in _FEW_CLOCKS]
    choices: tuple[tuple[Twist, int, list[Planned], Callable[[Planned], bool]], ...] = (
        # First, because as many are counted on.
        (Twist.FOLLOWED_UP, FOLLOW_UPS, old, lambda one: one.kind != TicketKind.PREMIUM),
        (Twist.CREDITED, 2, premium, lambda one: "policy import" in one.story.subjects[0]),
        (Twist.CREDITED, 1, premium, lambda one: one.company.name == "Northwind Logistics"),
        (Twist.OVERTURNED, 2, with_clock, lambda one: one.severity <= 2),
        (Twist.EXCUSED, 3, with_clock, lambda one: one.severity <= 2),
        (Twist.RAISED, 4, with_clock, lambda one: one.severity in {2, 3}),
        (Twist.LOWERED, 2, with_clock, lambda one: one.severity in {1, 2}),
        (Twist.CONTESTED, 2, with_clock, lambda one: one.severity == 3),
        (Twist.HANDED_OVER, 6, old, lambda one: len(one.story.turns) > 3),
        (Twist.PUT_BACK, 2, old, lambda one: True),
        (Twist.WITHDRAWN, 5, old, lambda one: one.severity > 2),
        (Twist.REOPENED, 8, old, lambda one: one.kind != TicketKind.SERVICE),
        (Twist.HELP_ANSWERED, 2, with_clock, lambda one: one.severity == 2),
    )
    for twist, amount, among, fits in choices:
        free = [one for one in among if not one.twists and fits(one)]
        for one in rng.sample(free, min(amount, len(free))):
            one.twists.add(twist)
            one.misses = one.misses or twist == Twist.EXCUSED
