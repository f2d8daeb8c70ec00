"""What ladder steps do on tickets: raise, give to an engineer on duty, tell, page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, prefetch_related_objects
from django.db.models.functions import Least
from django.utils.translation import gettext_noop

from accounts.models import User
from notifications.operations import Telling, notify_all
from notifications.words import Words, worded
from sla import wording
from sla.acknowledged import silenced_by
from sla.choices import Audience, LateCause, StepAction
from sla.models import StepRecord
from sla.operations import Claim
from tickets.choices import EventKind, TicketState
from tickets.duty import DutyDesk
from tickets.mail_words import in_zones
from tickets.models import Ticket, TicketEvent
from tickets.notices import RollCall, customer_telling, followers_of, managers_of, staff_telling
from tickets.operations.timeline import add_events
from tickets.permissions import sees_as_staff
from tickets.webhooks import page_all_by_webhook

HIGHEST_LEVEL = 99


@dataclass(slots=True)
class Deed:
    """What one step comes to on its ticket.

    `told` are our people; `silenced` those of them who have acknowledged it and are left out;
    `managers` the customer's. `given_to` is a new assignee in place of `given_by`'s key.
    """

    ticket: Ticket
    claim: Claim
    told: list[User] = field(default_factory=list)
    silenced: list[User] = field(default_factory=list)
    managers: list[User] = field(default_factory=list)
    followers: list[User] = field(default_factory=list)
    given_to: User | None = None
    given_by: int | None = None
    nobody_on_duty: bool = False

    @property
    def record(self) -> StepRecord:
        return self.claim.record

    @property
    def is_paged(self) -> bool:
        """Whether programs are called: not when everybody it tells has acknowledged it."""
        wants = self.record.step.action == StepAction.PAGE
        return wants and (bool(self.told) or not self.silenced)

    @property
    def tells_managers(self) -> bool:
        return Audience.CUSTOMER_MANAGER in self.record.step.audience


def take_steps(moving: Sequence[tuple[Ticket, Claim]], *, now: datetime) -> None:
    """Do what the steps that came due say, on locked tickets.

    Whoever has acknowledged a step is not told again; others are. One event a ticket says all of
    it. How many queries it takes does not depend on how many tickets there are.
    Effects: the tickets' places in the queue and their assignees, whom each record told, one event
    each, notices, calls of our own webhooks for a page.
    """
    deeds = [Deed(ticket, claim) for ticket, claim in moving]
    if not deeds:
        return
    # What hangs on the tickets is read for all of them at once.
    prefetch_related_objects(
        [deed.ticket for deed in deeds],
        "assignee",
        "customer__tam__tam_teams",
        "customer__tam_team__members__tam_teams",
    )
    _raise([deed.ticket for deed in deeds if deed.record.step.action != StepAction.TELL])
    _give_to_duty([deed for deed in deeds if deed.record.step.action == StepAction.REASSIGN], now)
    _choose_people(deeds, now)
    events = [_event(deed, now) for deed in deeds]
    add_events(events, now=now)
    tellings = [
        telling
        for deed, event in zip(deeds, events, strict=True)
        for telling in _tellings(deed, event)
    ]
    notify_all(tellings, now=now)
    page_all_by_webhook(
        [(deed.ticket, f"step:{deed.record.pk}", _body(deed)) for deed in deeds if deed.is_paged],
        now=now,
    )


def _raise(tickets: Sequence[Ticket]) -> None:
    for ticket in tickets:
        ticket.escalation_level = min(ticket.escalation_level + 1, HIGHEST_LEVEL)
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]).update(
        escalation_level=Least(F("escalation_level") + 1, HIGHEST_LEVEL)
    )


def _give_to_duty(deeds: Iterable[Deed], now: datetime) -> None:
    """Give tickets to engineers on duty; one whose assignee is on duty stays with them."""
    desk = DutyDesk(now)
    given: dict[int, list[int]] = defaultdict(list)
    for deed in deeds:
        ticket, engineer = deed.ticket, desk.engineer_for(deed.ticket)
        deed.nobody_on_duty = engineer is None
        if engineer is None or engineer.pk == ticket.assignee_id:
            continue
        deed.given_to, deed.given_by = engineer, ticket.assignee_id
        ticket.assignee = engineer
        if ticket.state == TicketState.NEW:
            ticket.state = TicketState.IN_PROGRESS
        given[engineer.pk].append(ticket.pk)
    for key, tickets in given.items():
        Ticket.objects.filter(pk__in=tickets).update(assignee=key)
        Ticket.objects.filter(pk__in=tickets, state=TicketState.NEW).update(
            state=TicketState.IN_PROGRESS
        )


def _choose_people(deeds: Sequence[Deed], now: datetime) -> None:
    """Find whom each step tells, and keep with its record whom of ours it told."""
    roll = RollCall(now)
    silenced = silenced_by([deed.record for deed in deeds])
    missing = [deed.ticket for deed in deeds if deed.claim.misses]
    followers = followers_of(missing) if missing else {}
    with_managers = [deed.ticket for deed in deeds if deed.tells_managers]
    managers = managers_of(with_managers) if with_managers else {}
    for deed in deeds:
        ticket = deed.ticket
        audience = list(deed.record.step.audience)
        if deed.nobody_on_duty:
            audience.append(Audience.DUTY_LEAD)
        people = {
            user.pk: user
            for user in roll.people_of(ticket, audience)
            if sees_as_staff(user, ticket)
        }
        quiet = silenced[deed.record.pk]
        if deed.given_to is not None:
            people[deed.given_to.pk] = deed.given_to
            quiet = quiet - {deed.given_to.pk}
        by_name = sorted(people.values(), key=lambda user: (user.name, user.pk))
        deed.told = [user for user in by_name if user.pk not in quiet]
        deed.silenced = [user for user in by_name if user.pk in quiet]
        deed.followers = followers.get(ticket.pk, [])
        deed.managers = [user for user in managers.get(ticket.pk, []) if user not in deed.followers]
    told = StepRecord.told.through
    told.objects.bulk_create(
        told(steprecord_id=deed.record.pk, user_id=user.pk) for deed in deeds for user in deed.told
    )


def _event(deed: Deed, now: datetime) -> TicketEvent:
    record, misses = deed.record, deed.claim.misses
    # After a standstill the step that acts may have come after the deadline that passed with it.
    due_at = deed.claim.clock.due_at if misses else None
    particulars = {
        "late_because": _late_because(deed).value if record.late else "",
        "silenced": [user.name for user in deed.silenced],
        "managers": [user.name for user in deed.managers],
        "assignee": [deed.given_by, deed.given_to.pk] if deed.given_to else [],
        "assignee_name": deed.given_to.name if deed.given_to else "",
        "nobody_on_duty": deed.nobody_on_duty,
    }
    return TicketEvent(
        ticket=deed.ticket,
        kind=EventKind.MISSED if misses else EventKind.ESCALATED,
        at=now,
        details={
            "step": str(record.step),
            "reached": record.reached,
            "late": record.late,
            "due_at": (due_at or record.due_at).isoformat(),
            "told": [user.name for user in deed.told],
            **{name: value for name, value in particulars.items() if value},
        },
    )


def _tellings(deed: Deed, event: TicketEvent) -> list[Telling]:
    ticket, record, misses = deed.ticket, deed.record, deed.claim.misses
    ticket.response_clock = deed.claim.clock  # As it stands now; not read for each ticket.
    tellings = [
        staff_telling(
            ticket,
            event,
            deed.told,
            subject=f"{record.reached}: {ticket.subject}",
            body=_body(deed),
            urgent=misses or record.step.action == StepAction.PAGE,
        )
    ]
    if misses:
        tellings.append(
            customer_telling(
                ticket,
                event,
                deed.followers,
                subject=worded(gettext_noop("is late: %(subject)s"), subject=ticket.subject),
                body=worded(
                    gettext_noop(
                        "We promised an answer by now and have not given it. The duty lead has "
                        "been told and the ticket is at the top of our queue."
                    )
                ),
            )
        )
    if deed.managers:
        lead = (
            gettext_noop("is late: %(subject)s")
            if record.step.is_late
            else gettext_noop("waits for our answer: %(subject)s")
        )
        tellings.append(
            customer_telling(
                ticket,
                event,
                deed.managers,
                subject=worded(lead, subject=ticket.subject),
                body=_managers_body(deed),
                why=worded(
                    gettext_noop("You manage support at %(customer)s."), customer=ticket.customer
                ),
            )
        )
    return tellings


def _body(deed: Deed) -> str:
    ticket, record = deed.ticket, deed.record
    owner = str(ticket.assignee) if ticket.assignee else "nobody"
    about = f"{ticket.reference} of {ticket.customer}, {ticket.get_severity_display()}"
    sentences = [f"{about}: {record.reached}.", f"Due {_due(deed)}; assigned to {owner}."]
    if deed.given_to is not None:
        sentences.append(f"The ladder gave it to {owner}, who is on duty.")
    if deed.nobody_on_duty:
        sentences.append("It should go to an engineer on duty, and the roster has nobody now.")
    if record.late:
        sentences.append(f"This is told late: {_late_because(deed).label}.")
    return " ".join(sentences)


def _managers_body(deed: Deed) -> Words:
    """What the customer's manager reads: what was promised, and nothing of our insides."""
    clock, record = deed.claim.clock, deed.record
    due = partial(
        in_zones, clock.due_at or record.due_at, counted_in=clock.zone, now=record.recorded_at
    )
    if not record.step.is_late:
        return worded(
            gettext_noop("This ticket has no answer from us yet. We answer by %(due)s."), due=due
        )
    return worded(
        gettext_noop(
            "We promised an answer by %(due)s and have not given it. The ticket is at the top of "
            "our queue. You reach us at %(phone)s."
        ),
        due=due,
        phone=settings.PHONE_LINE,
    )


def _late_because(deed: Deed) -> LateCause:
    return deed.claim.late_because or LateCause.WATCH_DOWN


def _due(deed: Deed) -> str:
    clock, record = deed.claim.clock, deed.record
    return wording.moment_words(
        clock.due_at or record.due_at, ZoneInfo(clock.zone), now=record.recorded_at
    )
