"""Links of a ticket, scoped to who may see the other end."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from tickets.querysets import visible_tickets

if TYPE_CHECKING:
    from tickets.models.link import TicketLink  # noqa: F401 - named in a base class, as text
    from tickets.models.ticket import Ticket


class TicketLinkQuerySet(models.QuerySet["TicketLink"]):
    """Questions about links."""

    def of(self, ticket: "Ticket", reader: User) -> "TicketLinkQuerySet":
        """Links of a ticket to others the reader may see, with both ends loaded.

        Whoever is not staff never learns of a link between two companies, even where they belong
        to both: that the vendor sees a connection is the vendor's own.
        """
        away = Q(source=ticket) & visible_tickets(reader, "target__")
        back = Q(target=ticket) & visible_tickets(reader, "source__")
        found = self.filter(away | back)
        if not reader.is_staff_member:
            found = found.filter(source__customer=F("target__customer"))
        return found.select_related(
            "source__customer", "source__filed_by", "target__customer", "target__filed_by"
        )
