"""Who may do what to a ticket they can see."""

from accounts.choices import Role
from accounts.models import User
from entitlements.models import Contract, Customer
from entitlements.permissions import is_technical_contact, membership_of
from knowledge.permissions import can_write_articles
from tickets.choices import TicketKind, TicketState
from tickets.measure_querysets import READS_ALL_FIGURES
from tickets.models import Attachment, CannedAnswer, CustomerEscalation, Message, QueueView, Ticket
from tickets.querysets import SEES_ALL_TICKETS

# Roles that answer customers and move tickets.
WORKS_TICKETS = (Role.ENGINEER, Role.DUTY_LEAD, Role.SUPPORT_MANAGER)
# Roles that judge others' work.
LEADS = (Role.DUTY_LEAD, Role.SUPPORT_MANAGER)


def can_file(user: User, customer: Customer) -> bool:
    """Members file for their company; engineers on behalf of a caller."""
    return membership_of(user, customer) is not None or user.has_role(*WORKS_TICKETS)


def can_file_premium(user: User, customer: Customer, contract: Contract | None) -> bool:
    """Only a technical contact draws premium incidents; an engineer files for a caller."""
    if contract is None:
        return False
    return user.has_role(*WORKS_TICKETS) or is_technical_contact(user, contract)


def can_write_as_customer(user: User, ticket: Ticket) -> bool:
    """Whether the person writes on this ticket from the customer's side."""
    return membership_of(user, ticket.customer) is not None


def can_arrange_call(user: User, ticket: Ticket) -> bool:
    """Whoever answers the customer arranges when they talk."""
    return can_answer(user, ticket)


def can_rate(user: User, ticket: Ticket) -> bool:
    """The customer's people say how it went; which tickets they see, visible_to says."""
    return can_write_as_customer(user, ticket)


def can_answer(user: User, ticket: Ticket) -> bool:
    """Engineers and leads answer; analysts what the lab works on; TAMs their customers'."""
    if user.has_role(*WORKS_TICKETS):
        return True
    if user.has_role(Role.ANALYST) and (
        ticket.kind == TicketKind.DATABASE_RELEASE or ticket.state == TicketState.WAITING_FOR_LAB
    ):
        return True
    return is_tam_of(user, ticket.customer)


def can_mark_qualified(user: User, ticket: Ticket) -> bool:
    """A qualified answer comes from an engineer, not from an account manager."""
    return can_answer(user, ticket) and user.has_role(*WORKS_TICKETS, Role.ANALYST)


def sees_as_staff(user: User, ticket: Ticket) -> bool:
    """Whether a staff role, and no company membership, lets the person see the ticket."""
    return can_answer(user, ticket) or user.has_role(Role.ADMINISTRATOR)


def can_note(user: User, ticket: Ticket) -> bool:
    """Staff who see the ticket may write a note on it."""
    return sees_as_staff(user, ticket)


def can_change_watchers(user: User, ticket: Ticket) -> bool:
    """The customer's people decide among themselves who gets copies; an engineer for a caller."""
    return can_write_as_customer(user, ticket) or can_work(user, ticket)


def can_make_article(user: User, ticket: Ticket) -> bool:
    """Whoever answers on a ticket and writes articles makes one of it."""
    return can_answer(user, ticket) and can_write_articles(user)


def can_lead_outbreaks(user: User) -> bool:
    """Engineers and leads gather tickets of several customers and answer them all."""
    return user.has_role(*WORKS_TICKETS)


def sees_outbreaks(user: User) -> bool:
    """An outbreak tells of several customers: it is for whoever sees the tickets of them all."""
    return user.has_role(*SEES_ALL_TICKETS)


def can_work(user: User, ticket: Ticket) -> bool:
    """Take, assign, change severity, resolve."""
    return user.has_role(*WORKS_TICKETS)


def can_return_from_lab(user: User) -> bool:
    """The lab says what it found; an engineer who hears it elsewhere brings the ticket back."""
    return user.has_role(*WORKS_TICKETS, Role.ANALYST)


def can_overturn(user: User, message: Message) -> bool:
    """A lead takes back a qualified mark, not on their own answer."""
    return user.has_role(*LEADS) and message.author_id != user.pk


def can_excuse(user: User, ticket: Ticket) -> bool:
    """A lead excuses a missed deadline."""
    return user.has_role(*LEADS)


def can_reassess(user: User, ticket: Ticket) -> bool:
    """A lead puts a running clock on today's terms; whoever answers it does not move it."""
    return can_reassess_any(user)


def can_reassess_any(user: User) -> bool:
    """Whether a page that lists deadlines to re-assess leads there."""
    return user.has_role(*LEADS)


def can_replay_policy(user: User) -> bool:
    """Those who decide on plans, or answer for them, try another policy on past tickets."""
    return user.has_role(Role.ADMINISTRATOR, Role.SUPPORT_MANAGER)


def can_read_figures(user: User) -> bool:
    """Leads read the figures of all customers, account managers those of their own."""
    return user.has_role(*READS_ALL_FIGURES, Role.TAM)


def reads_all_figures(user: User) -> bool:
    """Whether nobody's tickets are left out of the figures."""
    return user.has_role(*READS_ALL_FIGURES)


def can_end(user: User, ticket: Ticket) -> bool:
    """The customer confirms; support closes what nobody confirms."""
    return can_write_as_customer(user, ticket) or can_work(user, ticket)


def is_tam_of(user: User, customer: Customer) -> bool:
    """Whether the person is the customer's TAM, or in its TAM team."""
    if not user.has_role(Role.TAM):
        return False
    if customer.tam_id == user.pk:
        return True
    # All of the few, so that those who ask for many tickets can read them beforehand.
    return any(team.pk == customer.tam_team_id for team in user.tam_teams.all())


def can_escalate_account(user: User, customer: Customer) -> bool:
    """The company manager escalates the whole account, as do its TAM and the leads."""
    if user.has_role(*LEADS) or is_tam_of(user, customer):
        return True
    membership = membership_of(user, customer)
    return membership is not None and membership.is_manager


def can_own_escalation(user: User, customer: Customer) -> bool:
    """A lead or the customer's TAM can be the owner of what the customer escalates."""
    return user.has_role(*LEADS) or is_tam_of(user, customer)


def can_answer_escalation(user: User, escalation: CustomerEscalation) -> bool:
    """The owner and the leads answer a customer's escalation, hand it over and end it."""
    if user.has_role(*LEADS):
        return True
    return escalation.owner_id == user.pk and can_own_escalation(user, escalation.customer)


def can_withdraw_escalation(user: User, escalation: CustomerEscalation) -> bool:
    """Who writes on the ticket withdraws its escalation; the company manager the account's."""
    membership = membership_of(user, escalation.customer)
    if membership is None:
        return False
    return escalation.ticket_id is not None or membership.is_manager


def sees_escalation_as_staff(user: User, escalation: CustomerEscalation) -> bool:
    """Whether a staff role, and no company membership, lets the person see the escalation."""
    if escalation.ticket is not None:
        return sees_as_staff(user, escalation.ticket)
    return user.has_role(*WORKS_TICKETS, Role.ADMINISTRATOR) or is_tam_of(user, escalation.customer)


def can_use_canned_answers(user: User) -> bool:
    """Whoever answers customers in some role."""
    return user.has_role(*WORKS_TICKETS, Role.ANALYST, Role.TAM)


def can_share_canned_answers(user: User) -> bool:
    """A lead decides what the whole desk answers with."""
    return user.has_role(*LEADS)


def can_change_canned_answer(user: User, answer: CannedAnswer) -> bool:
    """One's own is one's own; a shared one is a lead's."""
    if answer.owner_id is None:
        return can_share_canned_answers(user)
    return answer.owner_id == user.pk and can_use_canned_answers(user)


def can_share_queue_view(user: User) -> bool:
    """Those who work on tickets give the team views of the queue."""
    return user.has_role(*WORKS_TICKETS)


def can_change_queue_view(user: User, view: QueueView) -> bool:
    """Everybody their own; leads what the team shares."""
    return view.owner_id == user.pk or (view.is_shared and user.has_role(*LEADS))


def can_manage_products(user: User) -> bool:
    """An administrator keeps what tickets are filed about, and what is asked."""
    return user.has_role(Role.ADMINISTRATOR)


def can_publish_builds(user: User) -> bool:
    """Whoever knows of a new build of the databases: the lab, or an administrator."""
    return user.has_role(Role.ANALYST, Role.ADMINISTRATOR)


def can_fetch_samples(user: User) -> bool:
    """The lab opens malware samples, and nobody else."""
    return user.has_role(Role.ANALYST)


def can_mark_sample(user: User, attachment: Attachment) -> bool:
    """Whoever sent a file says that it is malware on purpose; so does the lab."""
    return attachment.uploaded_by_id == user.pk or can_fetch_samples(user)
