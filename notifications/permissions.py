"""Who may do what to notices and webhooks."""

from collections.abc import Callable
from functools import cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.choices import Role
from accounts.models import User

type Manages = Callable[[User, str], bool]


def can_manage_webhooks(user: User, owner: str) -> bool:
    """Whether somebody manages an owner's webhooks: each app says for its own kind of owner."""
    word, _, key = owner.partition(":")
    return word in settings.WEBHOOK_OWNERS and _rule(word)(user, key)


def manages_webhooks_of_staff(user: User, key: str) -> bool:
    """Pages and escalations go where an administrator says."""
    return user.has_role(Role.ADMINISTRATOR)


@cache
def _rule(word: str) -> Manages:
    return cast("Manages", import_string(settings.WEBHOOK_OWNERS[word]))
