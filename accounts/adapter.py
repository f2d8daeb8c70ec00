"""How django-allauth is bent to this portal: people are invited, nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext_lazy

from accounts.devices import remember_device
from accounts.known_browser import known_browser, remember_browser
from accounts.languages import language_of
from accounts.models import User
from accounts.operations import revoke_tokens_of


class InvitedOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Closes self-registration, and says what to do where allauth says what failed."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "This address and password do not belong together. Check both, or set a new password."
        ),
        "incorrect_password": gettext_lazy(
            "This is not your password. Check it, or set a new one."
        ),
        "enter_current_password": gettext_lazy("This is not your current password."),
        "too_many_login_attempts": gettext_lazy(
            "Too many tries. Wait five minutes, or set a new password by mail."
        ),
        "rate_limited": gettext_lazy("Too many tries. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: User, **said: Any) -> HttpResponseBase:
        """Remember the browser, now that every step of signing in is done."""
        response: HttpResponseBase = super().post_login(request, user, **said)
        remember_browser(response, user)
        remember_device(request, user)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write to a person in the language they chose, whatever the browser at hand asks for."""
        reader, language = context.get("user"), translation.get_language()
        if isinstance(reader, User) and (reader.is_staff_member or reader.language):
            language = language_of(reader)
        with translation.override(language):
            super().send_mail(template_prefix, email, context)

    def set_password(self, user: User, password: str) -> None:
        """Save the password; after a reset the programs of the account must be let in anew.

        Who resets may have lost the account to somebody, and somebody may have made tokens.
        Who changes it signed in, and with the old one: their programs go on.
        """
        super().set_password(user, password)
        if not self.request.user.is_authenticated:
            revoke_tokens_of(user, reason="password reset")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count the tries of a browser its owner has used apart from those of strangers.

        An inner method of allauth's; tests/accounts/test_known_browser.py fails if it moves.
        """
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        browser = known_browser(request, credentials.get("email", ""))
        return f"{key}:{browser}" if browser else key
