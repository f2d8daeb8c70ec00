"""How django-allauth is bent to this portal: people are invited, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitedOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Closes self-registration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
