"""A clock's ladder as a ticket's page tells it: what was done, what comes, who has taken it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from accounts.compiled import Compiled
from accounts.models import User
from sla import ladder_words, wording
from sla.choices import Audience
from sla.ladder_steps import DueStep
from sla.models import Clock, StepAcknowledgement, StepRecord
from tickets.coverage import listed
from tickets.models import Ticket
from tickets.notices import people_of

_TOLD = StepRecord.told.through._default_manager
_RECORDS = Compiled(
    lambda clock, assessment, reader: (
        StepRecord.objects.filter(clock=clock, assessment=assessment)
        .order_by("step_id", "-occurrence")
        .distinct("step_id")
        .select_related("step")
        .annotate(told_reader=Exists(_TOLD.filter(steprecord_id=OuterRef("pk"), user_id=reader)))
    )
)


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder as the page lists it: gone by, or ahead."""

    words: str
    audience: str
    at: datetime
    is_done: bool
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens next unless somebody answers: when, and whom it tells by name.

    `people` are who would be told as the roster stands.
    """

    at: datetime
    words: str
    people: str
    people_are: str
    does: str


@dataclass(frozen=True, slots=True)
class Duty:
    """The newest step that told the reader, which they may acknowledge."""

    record: int
    words: str
    at: datetime


def rungs_of(records: Sequence[StepRecord], coming: Sequence[DueStep]) -> list[Rung]:
    """List the steps gone by, the newest time of each that repeats, then those ahead."""
    return [
        Rung(
            words=ladder_words.capital(record.reached),
            audience=ladder_words.audience_words(record.step.audience),
            at=record.recorded_at,
            is_done=True,
            is_late=record.late,
        )
        for record in records
    ] + [
        Rung(
            words=ladder_words.capital(str(one.step)),
            audience=ladder_words.audience_words(one.step.audience),
            at=one.due_at,
            is_done=False,
        )
        for one in coming
    ]


def newest_records(clock: Clock, reader: User) -> list[StepRecord]:
    """The newest record of each step of the assessment, with `told_reader`; one query."""
    newest = _RECORDS.all(clock.pk, clock.assessment, reader.pk)
    return sorted(newest, key=lambda record: (record.due_at, record.step.order))


def next_step(
    ticket: Ticket, coming: Sequence[DueStep], acknowledged: Sequence[StepAcknowledgement]
) -> NextStep | None:
    """Say what comes next, with the names of those on duty then who have not acknowledged it."""
    if not coming:
        return None
    one = coming[0]
    assert ticket.response_clock is not None, "only a clock has steps ahead"
    record = StepRecord(assessment=ticket.response_clock.assessment, step=one.step)
    silenced = {known.person_id for known in acknowledged if known.covers(record)}
    people = people_of(ticket, one.step.audience, now=one.due_at)
    names = [user.name for user in people if user.pk not in silenced]
    if Audience.CUSTOMER_MANAGER in one.step.audience:
        names.append(f"the manager of {ticket.customer}")
    return NextStep(
        at=one.due_at,
        words=str(one.step),
        people=ladder_words.listed(names) if names else "nobody",
        people_are="is" if len(names) < 2 else "are",
        does=ladder_words.action_words(one.step.action),
    )


def duty_of(
    reader: User, records: Sequence[StepRecord], acknowledged: Sequence[StepAcknowledgement]
) -> Duty | None:
    """Find the step the reader was told of and has not acknowledged; see `newest_records`."""
    told = [one for one in records if one.told_reader]  # type: ignore[attr-defined]  # told by _RECORDS
    if not told:
        return None
    newest = max(told, key=lambda one: one.due_at)
    if any(one.covers(newest) for one in acknowledged if one.person_id == reader.pk):
        return None
    return Duty(newest.pk, newest.reached, newest.recorded_at)


def lines_for_customer(coming: Sequence[DueStep], *, zone: str, now: datetime) -> list[str]:
    """Say what happens next as the customer may know it: nothing of who works where.

    Steps that concern nobody but us are left out.
    """
    lines = []
    deadline = next((one for one in coming if one.step.is_deadline), None)
    after = next((one for one in coming if one.step.delay is not None), None)
    if deadline is not None:
        lines.append(_at_the_deadline(_ours(deadline.step.audience)))
    elif after is not None and (ours := _ours(after.step.audience)):
        lines.append(_after_it(ours) % {"moment": _moment(after.due_at, zone, now)})
    managers = next((one for one in coming if Audience.CUSTOMER_MANAGER in one.step.audience), None)
    if managers is not None:
        words = _("Your company’s manager gets a message %(moment)s, unless we have answered.")
        lines.append(words % {"moment": _moment(managers.due_at, zone, now)})
    return lines


def _at_the_deadline(ours: Sequence[str]) -> str:
    if not ours:
        return _("If you have no answer by then, you are told.")
    return ngettext(
        "If you have no answer by then, %(people)s is told, and so are you.",
        "If you have no answer by then, %(people)s are told, and so are you.",
        len(ours),
    ) % {"people": listed(ours)}


def _after_it(ours: Sequence[str]) -> str:
    """The sentence with room for the moment."""
    return ngettext(
        "Until we answer, %(people)s is told again, next %(moment)s.",
        "Until we answer, %(people)s are told again, next %(moment)s.",
        len(ours),
    ) % {"people": listed(ours), "moment": "%(moment)s"}


def _moment(at: datetime, zone: str, now: datetime) -> str:
    return wording.moment_words(at, ZoneInfo(zone), now=now, language=get_language())


def _ours(audience: Sequence[str]) -> list[str]:
    return [_(_FOR_CUSTOMERS[Audience(one)]) for one in audience if one in _FOR_CUSTOMERS]


# Engineers are named on the page already, or nobody is; these are who looks after them.
_FOR_CUSTOMERS = {
    Audience.DUTY_LEAD: gettext_noop("our duty lead"),
    Audience.TAM: gettext_noop("your account manager"),
    Audience.SUPPORT_MANAGER: gettext_noop("our support manager"),
}
