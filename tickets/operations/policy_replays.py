"""Asking what another policy would have done, and calling it off."""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Max
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.policy_draft import PolicyDraft
from sla.operations import database_now
from tickets.errors import InvalidTransition
from tickets.models import PolicyReplay
from tickets.permissions import can_replay_policy
from tickets.policy_replay import tickets_of
from tickets.tasks import continue_policy_replays

logger = logging.getLogger(__name__)

LOOKS_BACK = timedelta(days=365)


def request_policy_replay(
    draft: PolicyDraft, *, question: str, by: User, now: datetime | None = None
) -> PolicyReplay:
    """Replay a draft over the tickets of the past twelve months; a worker does it.

    Raises: NotAllowed; InvalidInput without a question, for a draft that changes nothing, and
    while another of this person's is under way. Effects: one PolicyReplay.
    """
    if not can_replay_policy(by):
        raise NotAllowed("Only administrators and support managers replay policies.")
    if not question.strip():
        raise InvalidInput("Ask your question in a sentence; the result is kept under it.")
    if draft.changes_nothing:
        raise InvalidInput("Change something: a target, the hours, the ladder or the edition.")
    until = now or database_now()
    replay = PolicyReplay(
        by=by,
        question=question.strip(),
        policy=draft.to_json(),
        began_at=until,
        since=until - LOOKS_BACK,
        until=until,
    )
    there = tickets_of(replay).aggregate(count=Count("pk"), last=Max("pk"))
    replay.total, replay.last = there["count"], there["last"] or 0
    try:
        with transaction.atomic():
            replay.save()
    except IntegrityError as error:
        raise InvalidInput("Another of yours is under way. Wait for it, or cancel it.") from error
    transaction.on_commit(_kick)
    return replay


@transaction.atomic
def cancel_policy_replay(replay: PolicyReplay, *, by: User) -> PolicyReplay:
    """Stop a replay; what it has counted so far is kept.

    Raises: NotAllowed; InvalidTransition when it has ended. Effects: the PolicyReplay.
    """
    if not can_replay_policy(by):
        raise NotAllowed("Only administrators and support managers cancel replays.")
    ended = PolicyReplay.objects.filter(pk=replay.pk, ended_at__isnull=True).update(
        ended_at=Now(), cancelled_by=by, lease=None, leased_until=None
    )
    if not ended:
        raise InvalidTransition("This replay has ended already.")
    replay.refresh_from_db()
    return replay


def _kick() -> None:
    try:
        continue_policy_replays.delay()
    except OperationalError:
        logger.warning("The broker is away; the replay begins with its beat entry.")
