"""Signing in, in the words of the house."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """Who somebody is, and their password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_address(self.fields["login"])
        password = self.fields["password"]
        password.widget.attrs.pop("placeholder", None)
        password.error_messages["required"] = _("Give your password.")


class ForgottenPasswordForm(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Where the link goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_address(self.fields["email"])


def _ask_for_address(field: forms.Field) -> None:
    field.label = _("E-mail")
    field.widget.attrs.pop("placeholder", None)
    field.error_messages["required"] = _("Give your e-mail address.")
    field.error_messages["invalid"] = _("Write the whole address, such as name@company.com.")
