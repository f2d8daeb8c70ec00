"""The one rule of who must have a second factor (ASVS 6.3.3)."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

from accounts.models import User


def lacks_second_factor(user: User) -> bool:
    """Whether this person works for the vendor and has yet to set up an authenticator app.

    A query, unless that was asked with the person.
    """
    if not settings.STAFF_SECOND_FACTOR_REQUIRED or not user.is_staff_member:
        return False
    known = user.has_second_factor
    return not (is_mfa_enabled(user) if known is None else known)
