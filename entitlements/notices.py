"""What a company's managers and those who look after it are told. Outbox rows."""

from datetime import datetime

from django.utils.translation import get_language, gettext_noop

from accounts.choices import Role
from accounts.models import AuditEvent, User
from entitlements.continuity import continuity_of
from entitlements.models import Contract, Customer, Membership
from entitlements.promise import contract_in_force
from notifications.operations import notify
from notifications.words import worded
from sla import wording


def tell_if_nobody_answers_at_night(
    lost: Membership, contract: Contract, *, event: AuditEvent, now: datetime
) -> None:
    """Tell managers and account managers that no contact may be called at night any more.

    Call it after `event` took somebody away whom we might have called as a holder of a seat of
    `contract`; once for each such loss. One that is not in force, or whose plan is not covered
    around the clock, needs nobody. Effects: under the contract's lock,
    so that of two who go at once the second is noticed, one notice each.
    Source: domain, contact seats.
    """
    if contract_in_force(lost.customer, now) != contract:
        return
    Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    seats = contract.seat_holdings.current().select_related("membership__user")
    continuity = continuity_of(contract, seats)
    if not continuity.is_needed or continuity.at_night:
        return
    customer = lost.customer
    notify(
        _managers_on_both_sides(customer),
        key=f"night-contact:{contract.pk}:{event.pk}",
        kind="night_contact_lost",
        subject=worded(
            gettext_noop("%(customer)s: nobody may be called at night"), customer=customer
        ),
        body=worded(
            gettext_noop(
                "The last of %(customer)s who might be called at night was %(name)s. %(warning)s "
                "Give a seat to somebody with a phone number, or let a contact be called at night."
            ),
            customer=customer,
            name=lost.user,
            warning=lambda _reader: continuity.warning,
        ),
        path=f"/companies/{customer.slug}/people/",
        now=now,
    )


def tell_if_seats_must_be_chosen(contract: Contract, *, event: AuditEvent, now: datetime) -> None:
    """Tell managers and account managers that a new contract has fewer seats than are held.

    Call it after `event` signed one that nobody was carried over to. Effects: one notice each.
    """
    preceding = Contract.objects.before(contract).first()
    held = 0 if preceding is None else preceding.seat_holdings.current().count()
    if held <= contract.seat_limit:
        return
    customer = contract.customer
    notify(
        _managers_on_both_sides(customer),
        key=f"seats-to-choose:{contract.pk}:{event.pk}",
        kind="seats_to_choose",
        subject=worded(
            gettext_noop("%(customer)s: choose your technical contacts from %(day)s"),
            customer=customer,
            day=lambda _reader: wording.date_words(contract.starts_on, get_language()),
        ),
        body=worded(
            gettext_noop(
                "The contract that begins on %(day)s has fewer contact seats than are held now: "
                "%(limit)d, not %(held)d. So nobody has a seat of it. Choose who files premium "
                "incidents and calls the priority line from then on."
            ),
            day=lambda _reader: wording.date_words(contract.starts_on, get_language()),
            limit=contract.seat_limit,
            held=held,
        ),
        path=f"/companies/{customer.slug}/people/",
        now=now,
    )


def _managers_on_both_sides(customer: Customer) -> list[User]:
    """The company's managers and, as far as they still are, its account managers."""
    managers = customer.memberships.current().filter(is_manager=True).select_related("user")
    return [
        *(one.user for one in managers),
        *(one for one in customer.tams() if one.has_role(Role.TAM)),
    ]
