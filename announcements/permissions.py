"""Who may announce something."""

from accounts.choices import Role
from accounts.models import User

ANNOUNCES = (Role.ADMINISTRATOR, Role.DUTY_LEAD, Role.SUPPORT_MANAGER)


def can_announce(user: User) -> bool:
    """Write announcements and updates on them, and end them."""
    return user.has_role(*ANNOUNCES)
