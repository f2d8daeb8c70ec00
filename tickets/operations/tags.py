"""What staff file tickets under, for themselves."""

from collections.abc import Sequence
from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from tickets.changes import CHANGES_TAGS
from tickets.choices import EventKind
from tickets.models import Tag, Ticket
from tickets.operations.meanwhile import require_no_changes
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_answer
from tickets.tag_names import MOST_TAGS, normal_tag
from tickets.tag_suggestions import SUGGESTED


@transaction.atomic
def change_tags(
    ticket: Ticket,
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    by: User,
    seen_event: int | None = None,
    now: datetime | None = None,
) -> Ticket:
    """Put tags on a ticket and take others off; a tag nobody used before is known from now on.

    Customers never learn of them. A change that changes nothing writes nothing.
    `seen_event` as in answer_ticket, of tags alone.
    Raises: NotAllowed, InvalidInput, InvalidTransition. Effects: the Ticket, new Tags, one
    internal event.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_answer(by, ticket):
        raise NotAllowed("Only staff who work on the ticket tag it.")
    require_no_changes(ticket, seen_event, by=by, kinds=CHANGES_TAGS)
    wanted = [normal_tag(name) for name in add]
    before = list(ticket.tags)
    after = sorted({*before, *wanted} - {normal_tag(name) for name in remove})
    if len(after) > MOST_TAGS:
        raise InvalidInput(f"A ticket has at most {MOST_TAGS} tags.", field="add")
    if after == before:
        return ticket
    Tag.objects.bulk_create(
        [Tag(name=name, created_by=by, created_at=moment) for name in set(wanted)],
        ignore_conflicts=True,
    )
    ticket.tags = after
    ticket.save(update_fields=["tags"])
    add_event(ticket, EventKind.TAGGED, by=by, now=moment, tags=[before, after])
    transaction.on_commit(lambda: cache.delete(SUGGESTED))
    return ticket
