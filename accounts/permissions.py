"""Who may do what to people and tokens."""

from accounts.choices import Role
from accounts.models import ApiToken, User


def can_manage_people(user: User) -> bool:
    """Administrators give roles and disable logins."""
    return user.has_role(Role.ADMINISTRATOR)


def can_revoke_token(user: User, token: ApiToken) -> bool:
    """People end their own tokens; administrators anybody's."""
    return token.user_id == user.pk or user.has_role(Role.ADMINISTRATOR)
