"""Customers and the people who belong to them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from entitlements.errors import ContractConflict
from entitlements.models import Contract, Customer, Membership, SeatHolding, TamTeam
from entitlements.notices import tell_if_nobody_answers_at_night
from entitlements.operations.company_lock import lock_customer
from entitlements.operations.invitations import withdraw_invitations_to
from entitlements.operations.seats import release_seat
from entitlements.permissions import can_administer, can_manage_company
from entitlements.promise import contract_in_force
from notifications.operations import mark_hidden_read

# The page where a customer is added has this address.
RESERVED = frozenset({"new"})


@transaction.atomic
def create_customer(
    *,
    name: str,
    zone: str,
    by: User,
    tam: User | None = None,
    tam_team: TamTeam | None = None,
    now: datetime | None = None,
) -> Customer:
    """Add a company.

    Raises: NotAllowed; InvalidInput for a name in use. Effects: one Customer, one audit row.
    """
    if not can_administer(by):
        raise NotAllowed("Only an administrator adds customers.")
    if Customer.objects.filter(name__iexact=name.strip()).exists():
        raise InvalidInput("A customer of this name exists already.", field="name")
    customer = Customer(
        name=name.strip(),
        slug=_free_slug(name),
        timezone=zone,
        tam=tam,
        tam_team=tam_team,
        created_at=now or timezone.now(),
    )
    customer.full_clean()
    customer.save()
    record_change("customer added", customer, by=by, now=now)
    return customer


@transaction.atomic
def update_customer(
    customer: Customer,
    *,
    name: str,
    zone: str,
    tam: User | None,
    tam_team: TamTeam | None,
    by: User,
) -> Customer:
    """Change a company's name, zone and account managers.

    Raises: NotAllowed, InvalidInput. Effects: the Customer, one audit row with what changed.
    """
    if not can_administer(by):
        raise NotAllowed("Only an administrator changes customers.")
    customer = lock_customer(customer.pk)
    if Customer.objects.filter(name__iexact=name.strip()).exclude(pk=customer.pk).exists():
        raise InvalidInput("A customer of this name exists already.", field="name")
    wanted: dict[str, Any] = {
        "name": name.strip(),
        "timezone": zone,
        "tam": tam,
        "tam_team": tam_team,
    }
    changes = {}
    for field, value in wanted.items():
        old = getattr(customer, field)
        if old != value:
            changes[field] = [str(old or ""), str(value or "")]
            setattr(customer, field, value)
    if changes:
        customer.full_clean()
        customer.save()
        record_change("customer changed", customer, by=by, changes=changes)
    return customer


@transaction.atomic
def add_person(
    customer: Customer,
    *,
    email: str,
    name: str,
    phone: str,
    title: str,
    zone: str,
    is_manager: bool,
    sees_company: bool,
    by: User,
    password: str | None = None,
    now: datetime | None = None,
) -> Membership:
    """Give somebody a place in the company, making a login when the address is new.

    A new person sets a password through "Forgot your password". Somebody who left comes back.
    Administrators only: a company's manager invites (operations.invitations), so that nobody
    learns who has a login by guessing addresses.
    Raises: NotAllowed; InvalidInput when they belong to the company already.
    Effects: a User when new, one Membership, one audit row.
    """
    if not can_administer(by):
        raise NotAllowed("Only an administrator adds people. Invite them instead.")
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(
            email, password, name=name, phone=phone, title=title, timezone=zone
        )
    membership = Membership.objects.filter(user=user, customer=customer).first()
    if membership is not None and membership.left_at is None:
        raise InvalidInput(
            _("%(user)s belongs to %(customer)s already.") % {"user": user, "customer": customer},
            field="email",
        )
    if membership is None:
        membership = Membership(user=user, customer=customer)
    let_in(membership, is_manager=is_manager, sees_company=sees_company, now=now or timezone.now())
    record_change("person added", membership, by=by, now=now)
    return membership


@transaction.atomic
def change_membership(
    membership: Membership,
    *,
    is_manager: bool,
    sees_company: bool,
    by: User,
    hears_of_all: bool | None = None,
) -> Membership:
    """Change what a person may see and manage in the company, and whether they hear of each ticket.

    None leaves the watcher list as it is.
    Raises: NotAllowed; InvalidInput when a manager would stop being one by their own hand: so a
    company that has a manager keeps one. Effects: the Membership, one audit row with what changed.
    """
    lock_customer(membership.customer_id)
    if not can_manage_company(by, membership.customer):
        raise NotAllowed(_("Only the company manager or an administrator changes this."))
    if membership.user_id == by.pk and membership.is_manager and not is_manager:
        raise InvalidInput(
            _("Another manager takes this from you. Make somebody else a manager first."),
            field="is_manager",
        )
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "customer")
        .get(pk=membership.pk)
    )
    changes = {}
    wanted = {
        "is_manager": is_manager,
        "sees_company": sees_company,
        "hears_of_all": hears_of_all,
    }
    for field, value in wanted.items():
        if value is not None and getattr(membership, field) != value:
            changes[field] = [not value, value]
            setattr(membership, field, value)
    if changes:
        membership.save(update_fields=list(changes))
        mark_hidden_read(membership.user)
        record_change("person changed", membership, by=by, changes=changes)
    return membership


@transaction.atomic
def remove_person(membership: Membership, *, by: User, now: datetime | None = None) -> Membership:
    """End a person's place in the company; seats they hold and an invitation are taken back.

    Raises: NotAllowed; ContractConflict when they have left, or for a manager removing themselves.
    Effects: the Membership, seats, an Invitation still open, one audit row each; their notices
    about the company are new no more.
    """
    moment = now or timezone.now()
    lock_customer(membership.customer_id)
    if not can_manage_company(by, membership.customer):
        raise NotAllowed(_("Only the company manager or an administrator removes people."))
    # Before the person, as giving a seat takes them.
    contracts = Contract.objects.filter(customer=membership.customer_id).order_by("pk")
    list(contracts.select_for_update(of=("self",)).values_list("pk", flat=True))
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "customer")
        .get(pk=membership.pk)
    )
    if membership.left_at is not None:
        raise ContractConflict(_("%(user)s has left already.") % {"user": membership.user})
    if membership.is_manager and membership.user_id == by.pk:
        raise ContractConflict(_("Give the company to another manager, who then removes you."))
    held = SeatHolding.objects.current().filter(membership=membership).order_by("pk")
    while (holding := held.first()) is not None:  # One goes with its contract's follower's.
        release_seat(holding, by=by, now=moment)
    withdraw_invitations_to(membership.user, membership.customer, by=by, now=moment)
    membership.left_at = moment
    membership.save(update_fields=["left_at"])
    mark_hidden_read(membership.user, now=moment)
    record_change("person removed", membership, by=by, now=moment)
    return membership


@transaction.atomic
def restore_person(membership: Membership, *, by: User, now: datetime | None = None) -> Membership:
    """Let somebody who left back in, as an ordinary member; rights and seats are given anew.

    Raises: NotAllowed, ContractConflict. Effects: the Membership, one audit row.
    """
    moment = now or timezone.now()
    if not can_manage_company(by, membership.customer):
        raise NotAllowed(_("Only the company manager or an administrator lets people back in."))
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "customer")
        .get(pk=membership.pk)
    )
    if membership.left_at is None:
        raise ContractConflict(
            _("%(user)s belongs to %(customer)s already.")
            % {"user": membership.user, "customer": membership.customer}
        )
    let_in(membership, is_manager=False, sees_company=False, now=moment)
    record_change("person let back in", membership, by=by, now=moment)
    return membership


def let_in(membership: Membership, *, is_manager: bool, sees_company: bool, now: datetime) -> None:
    """Begin a place in a company, the first time or again, with these rights and no other.

    Whether we may call them at night stays as they said. Effects: the Membership.
    """
    membership.is_manager = is_manager
    membership.sees_company = sees_company
    membership.hears_of_all = False
    membership.caller_pin = ""
    membership.joined_at = now
    membership.left_at = None
    membership.save()


@transaction.atomic
def choose_night_calls(
    membership: Membership, *, answers_at_night: bool, by: User, now: datetime | None = None
) -> Membership:
    """Say whether we may call somebody at night and at weekends.

    Raises: NotAllowed for others than the person and the company's manager. Effects: the
    Membership, one audit row when it changed; notices when nobody is left who may be called.
    """
    moment = now or timezone.now()
    if membership.user_id != by.pk and not can_manage_company(by, membership.customer):
        raise NotAllowed(_("Only they themselves or the company manager change this."))
    contract = contract_in_force(membership.customer, moment)
    if contract is not None:
        # Before the person, as giving a seat takes them.
        Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "customer")
        .get(pk=membership.pk)
    )
    if membership.answers_at_night != answers_at_night:
        could_be_called = membership.can_be_called_at_night
        membership.answers_at_night = answers_at_night
        membership.save(update_fields=["answers_at_night"])
        event = record_change(
            "night calls changed",
            membership,
            by=by,
            changes={"answers_at_night": [not answers_at_night, answers_at_night]},
            now=moment,
        )
        seats = SeatHolding.objects.current().filter(membership=membership, contract=contract)
        if contract is not None and could_be_called and seats.exists():
            tell_if_nobody_answers_at_night(membership, contract, event=event, now=moment)
    return membership


def _free_slug(name: str) -> str:
    base = slugify(name)[:50] or "customer"
    slug, number = base, 2
    while slug in RESERVED or Customer.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug
