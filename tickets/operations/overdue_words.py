"""Watching by when customers hear of what they escalated: who is reminded when it has passed."""

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import transaction

from sla import wording
from sla.operations import database_now
from tickets.choices import EventKind
from tickets.escalation_notices import tell_staff_of
from tickets.models import CustomerEscalation
from tickets.operations.customer_escalation import on_duty_or_all_leads
from tickets.operations.escalation_record import lock_escalation, record_escalation

logger = logging.getLogger(__name__)

# At a time; the next look takes those that are left.
MOST = 100


def remind_of_overdue_words(*, now: datetime | None = None) -> int:
    """Tell the owner and the leads on duty of each customer who should have heard and has not.

    Once for each promised word, however many look at the same moment; a new promise is watched
    anew. One that fails holds up no other. Returns how many were told of.
    Effects: one event and the mark for each; notices.
    """
    moment = now or database_now()
    waiting = CustomerEscalation.objects.unheard(moment)
    told = 0
    for escalation in waiting.select_related("ticket")[:MOST]:
        try:
            told += _remind(escalation, moment)
        except DatabaseFailure:
            raise
        except Exception:
            logger.exception("Escalation %s cannot be reminded of.", escalation.pk)
    return told


@transaction.atomic
def _remind(escalation: CustomerEscalation, now: datetime) -> bool:
    escalation = lock_escalation(escalation)
    promised = escalation.next_word_at
    if not escalation.is_overdue(now) or escalation.overdue_told_for == promised:
        return False  # Answered, ended or told of while we waited for the lock.
    escalation.overdue_told_for = promised
    escalation.save(update_fields=["overdue_told_for"])
    key = record_escalation(
        escalation,
        EventKind.HELP_OVERDUE,
        by=None,
        now=now,
        reason="",
        next_word_at=promised.isoformat(),
        owner_name=str(escalation.owner or ""),
    )
    owner = [escalation.owner] if escalation.owner is not None else []
    by_when = wording.moment_words(promised, ZoneInfo(settings.HOME_ZONE), now=now)
    tell_staff_of(
        escalation,
        key,
        [*owner, *on_duty_or_all_leads(now)],
        kind=EventKind.HELP_OVERDUE,
        subject="waits for the word we promised",
        body=f"{escalation.customer} was to hear by {by_when} of what they escalated, "
        f"{escalation.subject}, and has not. "
        f"Owner: {escalation.owner or 'nobody. A lead takes it on its page'}.",
        urgent=True,
        now=now,
    )
    return True
