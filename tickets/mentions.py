"""Who is mentioned in a note: "@" and a colleague's full name, of those who see the ticket."""

import re

from accounts.models import User
from tickets.models import Ticket
from tickets.permissions import sees_as_staff


def colleagues_on(ticket: Ticket) -> list[User]:
    """Everybody of staff who sees a ticket and its notes, by name; never a customer's person."""
    staff = User.objects.active().staff().prefetch_related("tam_teams")
    return [user for user in staff if sees_as_staff(user, ticket)]


def mentioned_in(text: str, ticket: Ticket) -> list[User]:
    """Read who is mentioned, by name; of two people with one name both are.

    Whoever does not see the ticket as staff is nobody here. One query, and none without an "@".
    """
    if "@" not in text:
        return []
    found = []
    # The longest first, and taken out: "@Ann Lee-Smith" does not mention Ann Lee.
    by_length = sorted(colleagues_on(ticket), key=lambda user: -len(user.name))
    for name in dict.fromkeys(user.name for user in by_length):
        mention = re.compile(rf"(?<![\w@.])@{re.escape(name)}(?!\w)", re.IGNORECASE)
        text, times = mention.subn("", text)
        if times:
            found += [user for user in by_length if user.name == name]
    return sorted(found, key=lambda user: (user.name, user.pk))
