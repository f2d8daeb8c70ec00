"""Who is on the phone: somebody of a company, by the PIN they say."""

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.rate_limit import is_used_up, is_within_limit
from entitlements.models import Customer, Membership

# Ten slips an hour are a bad line; more is somebody trying numbers. Counted for each engineer, so
# that nobody shuts a company out of the phone by calling with wrong ones.
WRONG_PINS = 10
HOUR_SECONDS = 60 * 60


def find_caller(customer: Customer, pin: str, *, by: User) -> Membership:
    """Return whose PIN it is, spaces aside.

    Raises: InvalidInput beside the PIN when nobody of the company has it, and for any PIN after
    too many wrong ones. Effects: a wrong one is counted.
    """
    who = f"{customer.pk}:{by.pk}"
    if is_used_up("caller-pin", who, limit=WRONG_PINS):
        raise InvalidInput(
            f"Too many wrong PINs for {customer}. Let a colleague take the call, or try again "
            "in an hour.",
            field="caller_pin",
        )
    caller = (
        customer.memberships.current()
        .filter(caller_pin=pin.replace(" ", ""))
        .exclude(caller_pin="")
        .select_related("user")
        .first()
    )
    if caller is None:
        is_within_limit("caller-pin", who, limit=WRONG_PINS, seconds=HOUR_SECONDS)
        raise InvalidInput(f"Nobody of {customer} has this PIN.", field="caller_pin")
    return caller
