"""What is typed on the page of a customer's escalation."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from entitlements.models import Customer
from tickets.choices import EscalationEnd
from tickets.permissions import LEADS

# How long until the customer hears next.
SILENCES = (("1", "1 hour"), ("4", "4 hours"), ("8", "8 hours"), ("24", "1 day"), ("72", "3 days"))


class EscalationAnswerForm(forms.Form):
    """What the owner tells the customer, and when they hear next."""

    body = forms.CharField(
        label="What happens now?",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The customer reads this, here and by mail.",
        error_messages={"required": "Say what happens now."},
    )
    next_word_in = forms.TypedChoiceField(
        label="They hear from you again within",
        choices=SILENCES,
        initial="4",
        coerce=lambda hours: timedelta(hours=int(hours)),
        error_messages={"required": "Say when the customer hears next."},
    )


class EscalationOwnerForm(forms.Form):
    """Another owner, and what they should know."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label="New owner",
        empty_label="Choose…",
        error_messages={"required": "Choose the new owner."},
    )
    reason = forms.CharField(
        label="What should they know?",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For colleagues only. Not needed when you take it yourself.",
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leads = User.objects.active().with_role(*LEADS)
        tams = [user.pk for user in customer.tams() if user.is_active]
        self.fields["to"].queryset = (  # type: ignore[attr-defined]  # a model field's
            leads | User.objects.active().filter(pk__in=tams)
        ).order_by("name")


class EscalationEndForm(forms.Form):
    """Why it ends; support also says how."""

    how = forms.TypedChoiceField(
        label="How does it end?",
        choices=[(how.value, how.label) for how in (EscalationEnd.SOLVED, EscalationEnd.AGREED)],
        coerce=EscalationEnd,
        error_messages={"required": "Say how it ends."},
    )
    reason = forms.CharField(
        label="Why?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The customer reads this.",
        error_messages={"required": "Say why it ends."},
    )


class EscalationWithdrawalForm(forms.Form):
    """Why the customer needs it no more."""

    reason = forms.CharField(
        label=_("Why is it no longer needed?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, in a few words.")},
    )


class AccountEscalationForm(forms.Form):
    """What a whole account is escalated for."""

    reason = forms.CharField(
        label=_("What goes wrong, and what is needed?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say what you need.")},
    )
