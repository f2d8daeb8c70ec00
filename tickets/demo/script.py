"""What becomes of one ticket, step by step, each at its instant and by the real operations."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from accounts.choices import Role
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import SeverityDefinition
from entitlements.operations.incidents import credit_incident
from sla.business_time import Schedule
from tickets.choices import Channel, EscalationEnd, TicketKind
from tickets.demo.cast import Cast
from tickets.demo.files import make_file
from tickets.demo.filing import answers_of, facts_of
from tickets.demo.plan import Planned, Twist
from tickets.demo.stories import (
    ACKNOWLEDGED,
    ANSWERED,
    CUSTOMER,
    LAB,
    LAB_ANSWERED,
    NOTED,
    RESOLVED,
    Told,
    Turn,
    tell,
)
from tickets.demo.timeline import Script, Timeline
from tickets.models import Message, Ticket
from tickets.operations.assignment import assign_ticket, release_ticket, take_ticket
from tickets.operations.conversation import (
    answer_ticket,
    follow_up_ticket,
    overturn_answer,
    write_message,
    write_note,
)
from tickets.operations.customer_escalation import escalate_as_customer
from tickets.operations.escalation_course import answer_escalation, end_escalation
from tickets.operations.excuses import excuse_breach
from tickets.operations.filing import file_ticket
from tickets.operations.lab import pass_to_lab
from tickets.operations.lifecycle import (
    close_resolved_tickets,
    close_ticket,
    reopen_ticket,
    resolve_ticket,
)
from tickets.operations.phone import log_phone_call
from tickets.operations.severity import change_severity, contest_severity
from tickets.querysets import REOPEN_WITHIN

WORKING_DAYS = ("mon", "tue", "wed", "thu", "fri")
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
STAYS = {
    Twist.STAYS_NEW,
    Twist.STAYS_TAKEN,
    Twist.STAYS_IN_PROGRESS,
    Twist.STAYS_WITH_CUSTOMER,
    Twist.STAYS_WITH_LAB,
    Twist.STAYS_RESOLVED,
    Twist.HELP_ASKED,
}
PHONE_SHARE, MAIL_SHARE, API_SHARE = 0.10, 0.05, 0.03
THANKS = (
    "Thank you, that was quick.",
    "Works. Thanks to everybody.",
    "Thanks, we will keep an eye on it.",
    "Perfect, thank you.",
)
BACK_AGAIN = (
    "It is back since this morning, exactly as before.",
    "Two machines show it again. Please have another look.",
    "It worked for a day. Now we see the same message.",
)
HELD = (
    "That was the same cause on machines that had been off meanwhile. They have the change now, "
    "and I have looked at three of them myself."
)


class TicketScript:
    """The life of one planned ticket."""

    def __init__(
        self, planned: Planned, cast: Cast, timeline: Timeline, criteria: dict[int, list[str]]
    ) -> None:
        self.planned = planned
        self.cast = cast
        self.timeline = timeline
        self.criteria = criteria
        self.rng = random.Random(planned.seed)  # noqa: S311 - a story, not a secret
        self.customer = cast.customers[planned.company.name]
        self.author = self._choose_author()
        self.engineer = cast.engineer_at(planned.filed_at, self.rng)
        self.told: Told = tell(
            planned.story,
            self.rng,
            company=planned.company,
            contact=self.author.name,
            engineer=self.engineer.name,
            filed_at=planned.filed_at,
        )
        self.office = Schedule.weekly(
            self.author.timezone, dict.fromkeys(WORKING_DAYS, (("08:00", "18:00"),))
        )
        self.ticket: Ticket

    def play(self) -> Script:
        """File, answer, discuss, end: one instant at a time."""
        at = self.planned.filed_at
        yield at
        self._file(at)
        clock = self.ticket.response_clock
        if clock is not None and clock.waits_for_call and self.planned.is_called_in:
            yield (at := at + self._within(MINUTE, 6 * MINUTE))
            self._call(at)
        self.timeline.watch(self.ticket)
        twists = self.planned.twists
        if Twist.STAYS_NEW in twists:
            return
        answered_at = self._answer_at(at)
        yield (at := at + (answered_at - at) * self.rng.uniform(0.1, 0.5))
        take_ticket(self.ticket, by=self.engineer, now=at)
        if Twist.STAYS_TAKEN in twists:
            return
        if Twist.WITHDRAWN in twists:
            yield (at := at + self._within(MINUTE, 20 * MINUTE))
            self._write("Please forget it, a colleague had changed the setting. All is well.", at)
            close_ticket(self.ticket, by=self.author, now=at + MINUTE)
            return
        for twist, deed in self._early_deeds().items():
            if twist in twists:
                yield (at := at + (answered_at - at) * self.rng.uniform(0.2, 0.5))
                deed(at)
                answered_at = min(answered_at, self._answer_at(at))
        yield from self._converse(at, max(answered_at, at + MINUTE))

    # --- Filing -------------------------------------------------------------------------------

    def _choose_author(self) -> User:
        name = self.planned.company.name
        among = self.cast.contacts[name] if self.planned.kind == TicketKind.PREMIUM else None
        return self.rng.choice(among or self.cast.members[name]).user

    def _file(self, at: datetime) -> None:
        planned, rng = self.planned, self.rng
        channel = rng.choices(
            (Channel.PORTAL, Channel.PHONE, Channel.EMAIL, Channel.API),
            (1 - PHONE_SHARE - MAIL_SHARE - API_SHARE, PHONE_SHARE, MAIL_SHARE, API_SHARE),
        )[0]
        by_phone = channel == Channel.PHONE
        words = self.criteria[planned.severity]
        colleagues = [
            one.user for one in self.cast.members[planned.company.name] if one.user != self.author
        ]
        sends_file = bool(planned.story.file) and rng.random() < 0.7
        self.ticket = file_ticket(
            customer=self.customer,
            by=self.engineer if by_phone else self.author,
            on_behalf_of=self.author if by_phone else None,
            kind=planned.kind,
            severity=Severity(planned.severity),
            subject=self.told.subject,
            description=self.told.description,
            criteria=rng.sample(words, min(len(words), rng.choice((1, 1, 2)))),
            product=self.cast.products[planned.story.product],
            version=self.told.version,
            files=[make_file(planned.story.file, rng, at)] if sends_file else [],
            fields=answers_of(self.told, planned) if channel == Channel.PORTAL else None,
            facts=facts_of(self.told, planned),
            watchers=rng.sample(colleagues, 1) if colleagues and rng.random() < 0.3 else [],
            channel=channel,
            now=at,
        )

    def _call(self, at: datetime) -> None:
        membership = next(
            one
            for one in self.cast.contacts[self.planned.company.name]
            if one.user_id == self.author.pk
        )
        self.ticket = log_phone_call(
            self.ticket, caller_pin=membership.caller_pin, at=at, by=self.engineer, now=at + MINUTE
        )

    def _answer_at(self, at: datetime) -> datetime:
        """When the first qualified answer comes: within the target, late, or in covered time."""
        clock = self.ticket.response_clock
        if self.planned.twists & STAYS:
            return at + (self.timeline.end - at) * self.rng.uniform(0.2, 0.4)
        if clock is None or clock.due_at is None:
            return self._covered(at, self._within(20 * MINUTE, 7 * HOUR))
        if self.planned.misses:
            late = self._within(4 * MINUTE, max(clock.target / 3, 12 * MINUTE))
            return clock.schedule.deadline(clock.due_at, late)
        if at >= clock.due_at:
            return at + self._within(4 * MINUTE, 30 * MINUTE)
        left = clock.schedule.elapsed(max(at, clock.run_from), clock.due_at)
        spent = left * self.rng.triangular(0.04, 0.92, 0.15)
        return clock.schedule.deadline(max(at, clock.run_from), spent)

    # --- Out of the ordinary ------------------------------------------------------------------

    def _early_deeds(self) -> dict[Twist, Callable[[datetime], None]]:
        """What happens between taking the ticket and answering it."""
        return {
            Twist.RAISED: self._raise,
            Twist.LOWERED: self._lower,
            Twist.CONTESTED: self._contest,
            Twist.HANDED_OVER: self._hand_over,
            Twist.PUT_BACK: self._put_back,
            Twist.HELP_ANSWERED: self._ask_for_help,
        }

    def _raise(self, at: datetime) -> None:
        self.ticket = change_severity(
            self.ticket,
            severity=Severity(self.ticket.severity - 1),
            reason="More machines are affected than it seemed when the ticket was filed.",
            by=self.engineer,
            now=at,
        )
        self.timeline.watch(self.ticket)

    def _lower(self, at: datetime) -> None:
        self.ticket = change_severity(
            self.ticket,
            severity=Severity(self.ticket.severity + 1),
            reason="Work goes on by the second way we agreed on the phone.",
            by=self.engineer,
            now=at,
        )
        self.timeline.watch(self.ticket)

    def _contest(self, at: datetime) -> None:
        self.ticket = contest_severity(
            self.ticket,
            severity=Severity(self.ticket.severity - 1),
            reason="The whole department stands still, not single people.",
            by=self.author,
            now=at,
        )

    def _hand_over(self, at: datetime) -> None:
        colleagues = [
            one for one in self.cast.with_role(Role.ENGINEER) if one.pk != self.engineer.pk
        ]
        successor = self.rng.choice(colleagues)
        self.ticket = assign_ticket(
            self.ticket,
            to=successor,
            by=self.engineer,
            reason="My shift ends. The log is read, the next step is the answer.",
            now=at,
        )
        self.engineer = successor

    def _put_back(self, at: datetime) -> None:
        release_ticket(self.ticket, by=self.engineer, now=at)
        self.engineer = self.cast.engineer_at(at + HOUR, self.rng)
        self.ticket = take_ticket(self.ticket, by=self.engineer, now=at + 2 * MINUTE)

    def _ask_for_help(self, at: datetime) -> None:
        escalation = escalate_as_customer(
            self.ticket,
            reason="Our management asks every hour. We need to know when somebody looks at it.",
            by=self.author,
            now=at,
        )
        if Twist.HELP_ANSWERED in self.planned.twists:
            lead = escalation.owner or self.cast.the(Role.DUTY_LEAD)
            answer_escalation(
                escalation,
                body=f"{self.engineer.name} has it and answers within the hour.",
                next_word_in=HOUR,
                by=lead,
                now=at + 6 * MINUTE,
            )
            end_escalation(
                escalation,
                how=EscalationEnd.AGREED,
                reason=f"{self.author.name} and I talked on the phone: {self.engineer.name} "
                "stays on it until it is solved.",
                by=lead,
                now=at + 20 * MINUTE,
            )

    # --- Conversation -------------------------------------------------------------------------

    def _converse(self, at: datetime, answered_at: datetime) -> Script:
        turns = self.told.turns
        is_answered = False
        for index, turn in enumerate(turns):
            following = turns[index + 1 : index + 2]
            if turn.kind == ACKNOWLEDGED:
                yield (at := at + (answered_at - at) * 0.3)
            elif not is_answered and turn.kind in {ANSWERED, RESOLVED}:
                yield (at := max(answered_at, at))
            else:
                yield (at := self._next(turn, at))
            if turn.kind == RESOLVED:
                yield from self._end(turn, at)
                return
            waits = bool(following) and following[0].kind == CUSTOMER
            waits = waits and Twist.HELP_ASKED not in self.planned.twists
            message = self._say(turn, at, waits=waits)
            if turn.kind != ANSWERED:
                continue
            if not is_answered:
                yield from self._after_first_answer(message, at)
            is_answered = True
            if self.planned.twists & STAYS:
                yield from self._stop_there(turns[index + 1 :], at)
                return

    def _next(self, turn: Turn, at: datetime) -> datetime:
        """When the next thing is said: at the writer's hours, sooner when it is critical."""
        urgent = self.planned.severity == Severity.CRITICAL
        if turn.kind in {NOTED, LAB}:
            return at + self._within(3 * MINUTE, 25 * MINUTE)
        if turn.kind == CUSTOMER:
            if urgent:
                return at + self._within(8 * MINUTE, 70 * MINUTE)
            return self.office.deadline(at, self._within(15 * MINUTE, 14 * HOUR))
        if urgent:
            return at + self._within(10 * MINUTE, 90 * MINUTE)
        return self._covered(at, self._within(15 * MINUTE, 6 * HOUR))

    def _say(self, turn: Turn, at: datetime, *, waits: bool) -> Message | None:
        if turn.kind == CUSTOMER:
            return self._write(turn.text, at)
        if turn.kind == NOTED:
            write_note(self.ticket, body=turn.text, by=self.engineer, now=at)
            return None
        if turn.kind == LAB:
            self.ticket = pass_to_lab(self.ticket, reason=turn.text, by=self.engineer, now=at)
            return None
        return answer_ticket(
            self.ticket,
            body=turn.text,
            # A first answer that a lead will take back is but an acknowledgement, marked wrongly.
            qualified=turn.kind != ACKNOWLEDGED or Twist.OVERTURNED in self.planned.twists,
            by=self.cast.the(Role.ANALYST) if turn.kind == LAB_ANSWERED else self.engineer,
            wait_for_customer=waits,
            now=at,
        )

    def _write(self, text: str, at: datetime) -> Message:
        return write_message(self.ticket, body=text, by=self.author, now=at)

    def _after_first_answer(self, message: Message | None, at: datetime) -> Script:
        clock = self.ticket.response_clock
        if Twist.OVERTURNED in self.planned.twists and message is not None and clock is not None:
            yield (later := at + self._within(25 * MINUTE, 50 * MINUTE))
            overturn_answer(
                message,
                reason="This tells the customer nothing they could do. It is no qualified answer.",
                by=self.cast.the(Role.DUTY_LEAD),
                now=later,
            )
            self.timeline.watch(self.ticket)
            yield (later := later + self._within(10 * MINUTE, 40 * MINUTE))
            answer_ticket(
                self.ticket,
                body=(
                    "My answer of before was too short. In full: the cause is the setting named "
                    "above; please change it on one machine first and tell me what the log says."
                ),
                qualified=True,
                by=self.engineer,
                wait_for_customer=True,
                now=later,
            )
        if Twist.EXCUSED in self.planned.twists and clock is not None:
            yield (later := at + self._within(20 * HOUR, 40 * HOUR))
            excuse_breach(
                self.ticket,
                reason="Their line was down, so our call and mail could not reach them in time.",
                by=self.cast.the(Role.SUPPORT_MANAGER),
                now=later,
            )

    def _stop_there(self, rest: Sequence[Turn], at: datetime) -> Script:
        """Leave the ticket where the demo wants to find it."""
        twists = self.planned.twists
        if Twist.STAYS_WITH_LAB in twists:
            lab = next((turn for turn in rest if turn.kind == LAB), None)
            if lab is not None:
                yield (at := at + self._within(2 * MINUTE, 8 * MINUTE))
                self._say(lab, at, waits=False)
        elif Twist.STAYS_IN_PROGRESS in twists:
            reply = next((turn for turn in rest if turn.kind == CUSTOMER), None)
            if reply is not None:
                yield (at := at + self._within(4 * MINUTE, 30 * MINUTE))
                self._write(reply.text, at)
        elif Twist.STAYS_RESOLVED in twists:
            yield (at := at + self._within(HOUR, 4 * HOUR))
            resolve_ticket(self.ticket, resolution=rest[-1].text, by=self.engineer, now=at)
        elif Twist.HELP_ASKED in twists:
            yield (at := at + self._within(10 * MINUTE, 40 * MINUTE))
            self._ask_for_help(at)

    # --- The end ------------------------------------------------------------------------------

    def _end(self, turn: Turn, at: datetime) -> Script:
        self.ticket = resolve_ticket(self.ticket, resolution=turn.text, by=self.engineer, now=at)
        twists, rng = self.planned.twists, self.rng
        if Twist.CREDITED in twists and self.ticket.kind == TicketKind.PREMIUM:
            yield (later := at + self._within(3 * HOUR, 30 * HOUR))
            credit_incident(
                ticket_number=self.ticket.number,
                reason="The cause was our defect.",
                by=self.cast.the(Role.DUTY_LEAD),
                now=later,
            )
            at = later
        if Twist.REOPENED in twists:
            yield (at := self.office.deadline(at, self._within(2 * HOUR, 20 * HOUR)))
            reopen_ticket(self.ticket, reason=rng.choice(BACK_AGAIN), by=self.author, now=at)
            yield (at := self._covered(at, self._within(HOUR, 8 * HOUR)))
            self.ticket = resolve_ticket(self.ticket, resolution=HELD, by=self.engineer, now=at)
        if rng.random() < 0.25:
            yield (at := self.office.deadline(at, self._within(5 * MINUTE, 4 * HOUR)))
            self._write(rng.choice(THANKS), at)
        if Twist.FOLLOWED_UP in twists or rng.random() < 0.55:
            yield (at := self.office.deadline(at, self._within(10 * MINUTE, 12 * HOUR)))
            close_ticket(self.ticket, by=self.author, now=at)
        else:
            resolved_at = self.ticket.resolved_at
            assert resolved_at is not None, "resolve_ticket sets it"
            yield (
                at := max(at, resolved_at + REOPEN_WITHIN) + self._within(0 * MINUTE, 9 * MINUTE)
            )
            close_resolved_tickets(now=at)
        if Twist.FOLLOWED_UP in twists:
            yield (at := self.office.deadline(at, self._within(20 * HOUR, 60 * HOUR)))
            yield from self._follow_up(at)

    def _follow_up(self, at: datetime) -> Script:
        follow_up = follow_up_ticket(
            self.ticket,
            body="The same now happens on machines of another building. May we do the same there?",
            by=self.author,
            now=at,
        )
        yield (at := self._covered(at, self._within(HOUR, 5 * HOUR)))
        answer_ticket(
            follow_up,
            body="Yes, the same steps hold there. I have looked at the policy of that group.",
            qualified=True,
            by=self.engineer,
            wait_for_customer=True,
            now=at,
        )
        yield (at := self._covered(at, self._within(3 * HOUR, 9 * HOUR)))
        resolve_ticket(
            follow_up,
            resolution="The other building has the same change.",
            by=self.engineer,
            now=at,
        )

    # --- Time ---------------------------------------------------------------------------------

    def _within(self, least: timedelta, most: timedelta) -> timedelta:
        """A span between two, short ones likelier; whole seconds."""
        share = self.rng.betavariate(1.4, 3)
        return timedelta(seconds=round((least + (most - least) * share).total_seconds()))

    def _covered(self, at: datetime, span: timedelta) -> datetime:
        """The instant so much covered time after another, by the ticket's own hours."""
        calendar = self.ticket.service_level.calendar.current
        schedule = calendar.schedule()
        if schedule.is_always_open:
            schedule = Schedule.weekly(
                calendar.zone, dict.fromkeys(WORKING_DAYS, (("08:00", "20:00"),))
            )
        return schedule.deadline(at, span)


def severity_criteria() -> dict[int, list[str]]:
    """The catalogue's criteria by severity."""
    return {one.severity: list(one.criteria) for one in SeverityDefinition.objects.all()}
