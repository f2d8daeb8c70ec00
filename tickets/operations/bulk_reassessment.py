"""Re-assessing all open clocks of a calendar or contract that would differ; calling it off."""

import logging
from datetime import datetime

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.models import Contract
from sla.models import Calendar
from sla.operations import database_now
from tickets.calendar_effects import Effects, effects_of, effects_of_contract
from tickets.errors import InvalidTransition
from tickets.models import BulkReassessment, ReassessmentLine
from tickets.permissions import can_reassess_any

logger = logging.getLogger(__name__)

# By its name: a shell that runs operations cannot be imported by one.
REASSESS_IN_BULK = "tickets.periodic.reassess_in_bulk"


def reassess_calendar(
    calendar: Calendar, *, seen: int, reason: str, by: User, now: datetime | None = None
) -> BulkReassessment:
    """Put the open clocks that rest on a calendar on its version of today; a worker does it.

    `seen` is the number of the version whose effects were shown. A ticket that would come out
    otherwise than now by the time it is its turn is left as it is.
    Raises: NotAllowed, InvalidInput; InvalidTransition when the calendar changed meanwhile, when
    nothing would differ, or while another is under way. Effects: one BulkReassessment, its lines.
    """
    moment = now or database_now()
    _check(by, reason)
    version = calendar.current
    if version.number != seen:
        raise InvalidTransition("The calendar was changed meanwhile. Look at what differs again.")
    effects = effects_of(version, reader=by, now=moment)
    return _begin(BulkReassessment(calendar=calendar), effects, reason, by=by, now=moment)


def reassess_contract(
    contract: Contract, *, seen: int, reason: str, by: User, now: datetime | None = None
) -> BulkReassessment:
    """Put the open clocks of a contract's customer on its terms of today; a worker does it.

    `seen` is the number of amendments there were when the effects were shown.
    Raises and Effects: as reassess_calendar.
    """
    moment = now or database_now()
    _check(by, reason)
    if contract.amendments.count() != seen:
        raise InvalidTransition("The contract was amended meanwhile. Look at what differs again.")
    effects = effects_of_contract(contract, reader=by, now=moment)
    return _begin(BulkReassessment(contract=contract), effects, reason, by=by, now=moment)


@transaction.atomic
def cancel_bulk_reassessment(run: BulkReassessment, *, by: User) -> BulkReassessment:
    """Stop it: what is re-assessed stays so, the rest keeps its deadline.

    Raises: NotAllowed; InvalidTransition when it has ended. Effects: the BulkReassessment.
    """
    _require_lead(by)
    ended = BulkReassessment.objects.filter(pk=run.pk, ended_at__isnull=True).update(
        ended_at=Now(), cancelled_by=by, lease=None, leased_until=None
    )
    if not ended:
        raise InvalidTransition("This has ended already.")
    run.refresh_from_db()
    return run


def _check(by: User, reason: str) -> None:
    _require_lead(by)
    if not reason.strip():
        raise InvalidInput("Say why: each customer sees the reason.", field="reason")


def _require_lead(by: User) -> None:
    if not can_reassess_any(by):
        raise NotAllowed("Only a duty lead or support manager re-assesses deadlines.")


def _begin(
    run: BulkReassessment, effects: Effects, reason: str, *, by: User, now: datetime
) -> BulkReassessment:
    if not effects.moved:
        raise InvalidTransition("Every open clock is due when today’s terms say. Nothing differs.")
    run.by, run.reason, run.began_at, run.total = by, reason.strip(), now, len(effects.moved)
    # Tickets are locked in the order of their keys, some at a time.
    moved = sorted(effects.moved, key=lambda pair: pair[0].pk)
    try:
        with transaction.atomic():
            run.save()
            ReassessmentLine.objects.bulk_create(
                ReassessmentLine(
                    run=run, ticket=ticket, shown_before=one.before, shown_after=one.after
                )
                for ticket, one in moved
            )
    except IntegrityError as error:
        raise InvalidTransition("They are being re-assessed already.") from error
    transaction.on_commit(_kick)
    return run


def _kick() -> None:
    try:
        current_app.send_task(REASSESS_IN_BULK)
    except OperationalError:
        logger.warning("The broker is away; the re-assessment begins with its beat entry.")
