"""What companies do by themselves in the demo: invite, ask for more, and say how it went."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from accounts.choices import Role
from accounts.models import User
from entitlements.account import contract_of_today
from entitlements.models import Contract, Invitation, Membership
from entitlements.operations.customers import choose_night_calls
from entitlements.operations.invitations import invite_person
from entitlements.operations.top_ups import decline_top_up, grant_top_up, request_top_up
from tickets.choices import OPEN_STATES, Score
from tickets.demo.cast import Cast
from tickets.demo.timeline import Script
from tickets.models import Ticket
from tickets.operations.arranged_calls import arrange_call
from tickets.operations.rating import rate_ticket

DAY = timedelta(days=1)
SATURDAY = 5
RATED_FOR = timedelta(days=90)
# Of ten who are asked, so many answer; most are content.
ANSWER = 0.45
SCORES = (Score.GOOD,) * 7 + (Score.FAIR,) * 2 + (Score.POOR,)
COMMENTS = {
    Score.GOOD: (
        "",
        "",
        "",
        "Quick, and the first answer was the right one.",
        "Mara knew our site from last time.",
        "The clear next step helped.",
    ),
    Score.FAIR: ("", "It took a day longer than I hoped.", "I had to send the log twice."),
    Score.POOR: (
        "Three people asked me the same questions.",
        "The answer came in time, but it did not help.",
    ),
}


def ask_for_more(cast: Cast, now: datetime) -> Script:
    """Ask for premium incidents: granted at one company, declined at another, open at a third."""
    administrator = cast.the(Role.ADMINISTRATOR)
    yield (at := now - 21 * DAY)
    asked = request_top_up(
        _contract(cast, "Greyfield Rail", at),
        amount=6,
        reason="Signalling renewal over the winter.",
        by=_manager(cast, "Greyfield Rail"),
        now=at,
    )
    yield (at := now - 20 * DAY)
    grant_top_up(
        asked,
        amount=6,
        answer="Added today, as agreed on the phone.",
        by=administrator,
        now=at,
    )
    yield (at := now - 10 * DAY)
    asked = request_top_up(
        _contract(cast, "Bramble & Finch", at),
        amount=3,
        reason="One is left, and the office moves in spring.",
        by=_manager(cast, "Bramble & Finch"),
        now=at,
    )
    yield (at := at + timedelta(hours=5))
    decline_top_up(
        asked,
        answer="Three more would cost more than MSA Plus for the rest of your year. Ines calls "
        "you tomorrow.",
        by=administrator,
        now=at,
    )
    yield (at := now - 1 * DAY)
    request_top_up(
        _contract(cast, "Northwind Logistics", at),
        amount=6,
        reason="Two sites move to the second warehouse in the new year.",
        by=_manager(cast, "Northwind Logistics"),
        now=at,
    )


def open_companies(cast: Cast, *, seed: int, now: datetime) -> None:
    """Invite, say who sleeps at night, rate what was solved, and remember who signed in.

    Effects: Invitations that count as mailed, Memberships, Ratings, as the operations write them.
    """
    rng = random.Random(seed)  # noqa: S311 - a story, not a secret
    northwind = cast.customers["Northwind Logistics"]
    for days, email, gives_seat in (
        (2, "ines.keller@northwind.example", True),
        (11, "paul.adeyemi@northwind.example", False),
    ):
        invite_person(
            northwind,
            email=email,
            is_manager=False,
            sees_company=True,
            gives_seat=gives_seat,
            by=_manager(cast, "Northwind Logistics"),
            now=now - days * DAY,
        )
    Invitation.objects.update(mailed_at=F("sent_at"), next_try_at=None, attempts=1)
    sleepers = [*cast.contacts["Greyfield Rail"], *cast.contacts["Northwind Logistics"][1:]]
    for membership in sleepers:
        choose_night_calls(
            membership, answers_at_night=False, by=membership.user, now=now - 30 * DAY
        )
    _rate(rng, now)
    _arrange_calls(cast, now)
    for person in User.objects.order_by("pk"):
        if rng.random() < 0.9:
            ago = timedelta(hours=rng.randint(1, 24 * 12), minutes=rng.randint(0, 59))
            User.objects.filter(pk=person.pk).update(last_login=now - ago)


def _rate(rng: random.Random, now: datetime) -> None:
    ended = Ticket.objects.exclude(state__in=OPEN_STATES).filter(
        Q(resolved_at__gte=now - RATED_FOR) | Q(closed_at__gte=now - RATED_FOR)
    )
    for ticket in ended.order_by("number"):
        ended_at = ticket.closed_at or ticket.resolved_at
        assert ended_at is not None, "a constraint holds this"
        at = ended_at + timedelta(minutes=rng.randint(5, 300))
        score = rng.choice(SCORES)
        comment = rng.choice(COMMENTS[score])
        belongs = Membership.objects.filter(
            user=ticket.filed_by, customer=ticket.customer, left_at__isnull=True
        )
        if rng.random() < ANSWER and at < now and belongs.exists():
            rate_ticket(ticket, score=score, comment=comment, by=ticket.filed_by, now=at)


def _arrange_calls(cast: Cast, now: datetime) -> None:
    """Let an engineer and a customer talk on the next working day at three in the afternoon."""
    for company in ("Northwind Logistics", "Eastgate Hospitals"):
        zone = ZoneInfo(cast.customers[company].timezone)
        day = now.astimezone(zone) + DAY
        while day.weekday() >= SATURDAY:
            day += DAY
        open_ones = Ticket.objects.open().filter(customer=cast.customers[company])
        ticket = open_ones.filter(assignee__isnull=False).order_by("severity", "-number").first()
        if ticket is not None and ticket.assignee is not None:
            arrange_call(
                ticket,
                starts_at=day.replace(hour=15, minute=0, second=0, microsecond=0),
                minutes=30,
                topic="What we found, and the next step",
                how="We call you on the number in your profile.",
                by=ticket.assignee,
                now=now - timedelta(minutes=40),
            )


def _contract(cast: Cast, company: str, at: datetime) -> Contract:
    contract = contract_of_today(cast.customers[company], at)
    assert contract is not None, "the demo's companies that ask have contracts"
    return contract


def _manager(cast: Cast, company: str) -> User:
    return next(one.user for one in cast.members[company] if one.is_manager)
