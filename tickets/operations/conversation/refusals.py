"""What anything written on a ticket is refused for, whoever writes it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from tickets.changes import CHANGES_AN_ANSWER
from tickets.choices import LinkKind
from tickets.errors import InvalidTransition
from tickets.models import Ticket, TicketLink
from tickets.operations.meanwhile import require_no_changes, require_nothing_on_its_way
from tickets.uploads import Upload


def require_words(body: str, files: Sequence[Upload]) -> None:
    """Refuse what says nothing. Raises: InvalidInput."""
    if not body.strip():
        raise InvalidInput(
            _("Write a line with the files.") if files else _("Write something first."),
            field="body",
        )


def require_unchanged(
    ticket: Ticket, by: User, seen_message: int | None, seen_event: int | None = None
) -> None:
    """Refuse to answer past somebody: nobody else wrote or moved the ticket since it was opened.

    Raises: InvalidTransition, naming who wrote or what changed.
    """
    if seen_message is not None:
        require_nothing_on_its_way(ticket, by=by, field="body")
        newer = ticket.messages.filter(pk__gt=seen_message).exclude(author=by)
        if (first := newer.select_related("author").first()) is not None:
            raise InvalidTransition(
                f"{first.author} wrote while you were writing. Read it above, then send again.",
                field="body",
            )
    require_no_changes(ticket, seen_event, by=by, kinds=CHANGES_AN_ANSWER, field="body")


def require_not_merged(ticket: Ticket, *, field: str = "body") -> None:
    """Whoever writes on a merged ticket is led to where it goes on. Raises: InvalidTransition."""
    links = TicketLink.objects.filter(source=ticket, kind=LinkKind.MERGED)
    link = links.select_related("target").first()
    if link is not None:
        raise InvalidTransition(
            _("This ticket is merged into %(ticket)s. Write there.")
            % {"ticket": link.target.reference},
            field=field,
        )
