"""One ticket of the demo, and what everything that becomes of it needs to know."""

import random
from datetime import datetime, timedelta

from accounts.models import User
from sla.business_time import Schedule
from tickets.choices import TicketKind
from tickets.demo.cast import Cast
from tickets.demo.plan import Planned
from tickets.demo.stories import Told, tell
from tickets.demo.timeline import Timeline
from tickets.models import Message, Ticket
from tickets.operations.conversation import write_message

WORKING_DAYS = ("mon", "tue", "wed", "thu", "fri")
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


class Life:
    """A planned ticket with its people, its words and its chances."""

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

    def _choose_author(self) -> User:
        name = self.planned.company.name
        among = self.cast.contacts[name] if self.planned.kind == TicketKind.PREMIUM else None
        return self.rng.choice(among or self.cast.members[name]).user

    def within(self, least: timedelta, most: timedelta) -> timedelta:
        """A span between two, short ones likelier; whole seconds."""
        share = self.rng.betavariate(1.4, 3)
        return timedelta(seconds=round((least + (most - least) * share).total_seconds()))

    def covered(self, at: datetime, span: timedelta) -> datetime:
        """The instant so much covered time after another, by the ticket's own hours."""
        calendar = self.ticket.service_level.calendar.current
        schedule = calendar.schedule()
        if schedule.is_always_open:
            schedule = Schedule.weekly(
                calendar.zone, dict.fromkeys(WORKING_DAYS, (("08:00", "20:00"),))
            )
        return schedule.deadline(at, span)

    def write(self, text: str, at: datetime) -> Message:
        """The customer writes. Effects: as write_message."""
        return write_message(self.ticket, body=text, by=self.author, now=at)
