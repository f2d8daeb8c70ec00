"""What hangs on a ticket, told in one query, so that its page asks only for what is there."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.models import User
from tickets.models import Ticket

# Written out: each of these costs Django more to put together than the database to answer.
_SQL = """
SELECT (SELECT look.at FROM tickets_ticketlook AS look
         WHERE look.ticket_id = %(ticket)s AND look.person_id = %(reader)s),
       EXISTS (SELECT FROM tickets_attachment WHERE ticket_id = %(ticket)s),
       EXISTS (SELECT FROM tickets_sending WHERE ticket_id = %(ticket)s),
       EXISTS (SELECT FROM tickets_draft
                WHERE author_id = %(reader)s AND ticket_id = %(ticket)s),
       EXISTS (SELECT FROM tickets_customerescalation
                WHERE ticket_id = %(ticket)s AND ended_at IS NULL)
       OR EXISTS (SELECT FROM tickets_customerescalation
                   WHERE customer_id = %(customer)s AND ticket_id IS NULL AND ended_at IS NULL),
       EXISTS (SELECT FROM tickets_ticketlink
                WHERE source_id = %(ticket)s OR target_id = %(ticket)s),
       EXISTS (SELECT FROM sla_steprecord WHERE clock_id = %(clock)s),
       EXISTS (SELECT FROM tickets_fieldvalue WHERE ticket_id = %(ticket)s),
       EXISTS (SELECT FROM tickets_fileupload
                WHERE ticket_id = %(ticket)s AND owner_id = %(reader)s),
       EXISTS (SELECT FROM tickets_ticketarticle WHERE ticket_id = %(ticket)s),
       EXISTS (SELECT FROM tickets_ticketobjective WHERE ticket_id = %(ticket)s),
       ARRAY(SELECT person.name FROM entitlements_membership AS membership
               JOIN accounts_user AS person ON person.id = membership.user_id
              WHERE membership.customer_id = %(customer)s AND membership.left_at IS NULL
                    AND person.is_active
                    AND person.id IN (SELECT %(filer)s UNION SELECT user_id
                                        FROM tickets_ticket_watchers
                                       WHERE ticket_id = %(ticket)s)
              ORDER BY person.id <> %(filer)s, person.name),
       ARRAY(SELECT person.name FROM tickets_ticket_staff_watchers AS watching
               JOIN accounts_user AS person ON person.id = watching.user_id
              WHERE watching.ticket_id = %(ticket)s ORDER BY person.name),
       EXISTS (SELECT FROM tickets_ticket_staff_watchers
                WHERE ticket_id = %(ticket)s AND user_id = %(reader)s),
       coalesce((SELECT name FROM accounts_user WHERE id = %(tam)s),
                (SELECT name FROM entitlements_tamteam WHERE id = %(team)s), '')
"""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What hangs on a ticket, for one reader. People are told by name.

    `looked_at` is the reader's last look, `followers` are the customer's people who are told,
    whoever filed it first and nobody who left, and `account_manager` a person or a team, empty for
    none.
    """

    looked_at: datetime | None
    has_files: bool
    has_sendings: bool
    has_drafts: bool
    is_escalated: bool
    has_links: bool
    has_step_records: bool
    has_answers: bool
    has_waiting_files: bool
    has_articles: bool
    has_objectives: bool
    followers: list[str]
    staff_watchers: list[str]
    is_watching: bool
    account_manager: str


def surroundings_of(ticket: Ticket, reader: User) -> Surroundings:
    """Ask what hangs on a ticket; whoever calls has asked `visible_to` for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "ticket": ticket.pk,
                "reader": reader.pk,
                "customer": ticket.customer_id,
                "filer": ticket.filed_by_id,
                "clock": ticket.response_clock_id,
                "tam": ticket.customer.tam_id,
                "team": ticket.customer.tam_team_id,
            },
        )
        return Surroundings(*cursor.fetchone())
