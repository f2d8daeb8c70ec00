"""What hangs on a ticket for a reader of its customer's side, told in one query."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from accounts.models import User, known_people
from tickets.models import Ticket

# As tickets.surroundings: each of these costs Django more to put together than to be answered.
_SQL = """
SELECT EXISTS (SELECT FROM tickets_ticketlink
                WHERE source_id = %(ticket)s OR target_id = %(ticket)s),
       EXISTS (SELECT FROM tickets_attachment WHERE ticket_id = %(ticket)s),
       EXISTS (SELECT FROM tickets_draft
                WHERE author_id = %(reader)s AND ticket_id = %(ticket)s),
       EXISTS (SELECT FROM tickets_fieldvalue WHERE ticket_id = %(ticket)s),
       EXISTS (SELECT FROM tickets_fileupload
                WHERE ticket_id = %(ticket)s AND owner_id = %(reader)s),
       ARRAY(SELECT user_id FROM tickets_ticket_watchers WHERE ticket_id = %(ticket)s),
       ARRAY(SELECT membership.user_id FROM entitlements_membership AS membership
               JOIN accounts_user AS person ON person.id = membership.user_id
              WHERE membership.customer_id = %(customer)s AND membership.left_at IS NULL
                    AND person.is_active),
       coalesce((SELECT number FROM entitlements_contract WHERE id = %(contract)s), ''),
       coalesce((SELECT membership.caller_pin FROM entitlements_seatholding AS holding
                   JOIN entitlements_membership AS membership
                     ON membership.id = holding.membership_id
                  WHERE holding.contract_id = %(contract)s AND holding.held_until IS NULL
                        AND membership.user_id = %(reader)s AND membership.left_at IS NULL), '')
"""


@dataclass(frozen=True, slots=True)
class CustomerSurroundings:
    """What hangs on a ticket, for one reader.

    `watchers` get copies, `colleagues` are all people of the company today, both by name: whoever
    left gets nothing any more. `pin` is the reader's own, empty without a seat of the contract the
    ticket was filed under.
    """

    has_links: bool
    has_files: bool
    has_drafts: bool
    has_answers: bool
    has_waiting_files: bool
    watchers: list[User]
    colleagues: list[User]
    contract_number: str
    pin: str

    def is_member(self, reader: User) -> bool:
        """Whether the reader is of the company, and not staff who only look."""
        return any(one.pk == reader.pk for one in self.colleagues)

    def may_watch(self, ticket: Ticket) -> list[User]:
        """Who of the company could get copies and gets none."""
        known = {ticket.filed_by_id, *(one.pk for one in self.watchers)}
        return [one for one in self.colleagues if one.pk not in known]


def customer_surroundings(ticket: Ticket, reader: User) -> CustomerSurroundings:
    """Ask what hangs on a ticket; whoever calls has asked `visible_to` for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "ticket": ticket.pk,
                "reader": reader.pk,
                "customer": ticket.customer_id,
                "contract": ticket.contract_id,
            },
        )
        links, files, drafts, answers, waiting, watchers, colleagues, number, pin = (
            cursor.fetchone()
        )
    people = known_people.get_all([*watchers, *colleagues])
    return CustomerSurroundings(
        links,
        files,
        drafts,
        answers,
        waiting,
        _by_name(people[key] for key in watchers if key in colleagues),
        _by_name(people[key] for key in colleagues),
        number,
        pin,
    )


def _by_name(people: Iterable[User]) -> list[User]:
    return sorted(people, key=lambda one: (one.name, one.pk))
