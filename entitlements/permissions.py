"""Who may do what to plans, customers, contracts and seats."""

from accounts.choices import Role
from accounts.compiled import Compiled
from accounts.models import User
from entitlements.models import Contract, Customer, Membership, SeatHolding
from entitlements.querysets import SEES_ALL_CUSTOMERS

_MEMBERSHIP = Compiled(
    lambda user, customer: Membership.objects.filter(
        user=user, customer=customer, left_at__isnull=True
    )
)
_SEAT = Compiled(
    lambda user, contract: SeatHolding.objects.current().filter(
        contract=contract, membership__user=user, membership__left_at__isnull=True
    )
)


def membership_of(user: User, customer: Customer) -> Membership | None:
    """The person's present place in the company, if any."""
    if not user.is_active:
        return None
    found = _MEMBERSHIP.first(user, customer.pk)
    if found is not None:
        found.customer = customer
    return found


def can_administer(user: User) -> bool:
    """Plans, customers, contracts and calendars are an administrator's."""
    return user.has_role(Role.ADMINISTRATOR)


def can_read_customers(user: User) -> bool:
    """Whether the customers' lists are open to somebody; which rows, visible_to says."""
    return user.has_role(*SEES_ALL_CUSTOMERS, Role.TAM)


def can_read_terms(user: User) -> bool:
    """Whether somebody reads editions and calendars as staff do."""
    return user.is_staff_member


def can_read_plan_requests(user: User) -> bool:
    """Whether the list of plan requests is open to somebody; which rows, visible_to says."""
    return user.has_role(Role.ADMINISTRATOR, Role.SUPPORT_MANAGER, Role.TAM)


def can_manage_company(user: User, customer: Customer) -> bool:
    """The company manager manages people and seats, within the limit; so may an administrator."""
    if can_administer(user):
        return True
    membership = membership_of(user, customer)
    return membership is not None and membership.is_manager


def can_ask_for_top_up(user: User, customer: Customer) -> bool:
    """The company's own manager asks for more premium incidents, and takes the request back."""
    membership = membership_of(user, customer)
    return membership is not None and membership.is_manager


def can_read_top_ups(user: User) -> bool:
    """Whether our list of top-up requests is open to somebody; which rows, visible_to says."""
    return can_read_plan_requests(user)


def manages_webhooks_of(user: User, key: str) -> bool:
    """Whether somebody manages the webhooks of the customer with this key."""
    customer = Customer.objects.filter(pk=key).first()
    return customer is not None and can_manage_company(user, customer)


def can_credit_incident(user: User) -> bool:
    """A duty lead or support manager gives an incident back, with a reason."""
    return user.has_role(Role.DUTY_LEAD, Role.SUPPORT_MANAGER)


def is_technical_contact(user: User, contract: Contract) -> bool:
    """Whether the person holds a seat of the contract."""
    return _SEAT.first(user, contract.pk) is not None
