"""Who may do what to plans, customers, contracts and seats."""

from accounts.choices import Role
from accounts.models import User
from entitlements.models import Contract, Customer, Membership, SeatHolding


def membership_of(user: User, customer: Customer) -> Membership | None:
    """The person's present place in the company, if any."""
    if not user.is_active:
        return None
    return customer.memberships.filter(user=user, left_at__isnull=True).first()


def can_administer(user: User) -> bool:
    """Plans, customers, contracts and calendars are an administrator's."""
    return user.has_role(Role.ADMINISTRATOR)


def can_manage_company(user: User, customer: Customer) -> bool:
    """The company manager manages people and seats, within the limit; so may an administrator."""
    if can_administer(user):
        return True
    membership = membership_of(user, customer)
    return membership is not None and membership.is_manager


def can_credit_incident(user: User) -> bool:
    """A duty lead or support manager gives an incident back, with a reason."""
    return user.has_role(Role.DUTY_LEAD, Role.SUPPORT_MANAGER)


def is_technical_contact(user: User, contract: Contract) -> bool:
    """Whether the person holds a seat of the contract."""
    return (
        SeatHolding.objects.current()
        .filter(contract=contract, membership__user=user, membership__left_at__isnull=True)
        .exists()
    )
