"""Customers and the people who belong to them."""

from typing import Any

from django import forms
from django.utils.functional import cached_property

from accounts.choices import Role
from accounts.forms import ZoneField
from accounts.models import User
from entitlements.models import Contract, Membership, TamTeam


class CustomerForm(forms.Form):
    """A company's name, zone and account managers."""

    name = forms.CharField(
        label="Company", max_length=120, error_messages={"required": "Give the company’s name."}
    )
    zone = ZoneField(help_text="Dates of this customer are shown in it.")
    tam = forms.ModelChoiceField(
        queryset=User.objects.none(),
        required=False,
        label="Technical account manager",
        empty_label="Nobody",
    )
    tam_team = forms.ModelChoiceField(
        queryset=TamTeam.objects.all(), required=False, label="TAM team", empty_label="No team"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tam = self.fields["tam"]
        assert isinstance(tam, forms.ModelChoiceField)
        tam.queryset = User.objects.active().with_role(Role.TAM)


class PlaceForm(forms.Form):
    """What a person may do in the company."""

    is_manager = forms.BooleanField(
        required=False,
        label="Company manager",
        help_text="Manages people and contact seats, and asks for plans.",
    )
    sees_company = forms.BooleanField(
        required=False,
        label="Sees all tickets of the company",
        help_text="Otherwise only their own. Technical contacts and managers always see all.",
    )


class PersonForm(PlaceForm):
    """Somebody new in a company."""

    name = forms.CharField(max_length=120, error_messages={"required": "Give the person’s name."})
    email = forms.EmailField(
        label="E-mail address",
        help_text="They sign in with it. A password is set through “Forgot your password”.",
        error_messages={
            "required": "Give an e-mail address.",
            "invalid": "Write the whole address, such as name@company.com.",
        },
    )
    phone = forms.CharField(
        required=False,
        max_length=40,
        help_text="Technical contacts need one: we call them back.",
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    title = forms.CharField(required=False, max_length=120, label="Job title")
    zone = ZoneField()

    field_order = ("name", "email", "phone", "title", "zone", "is_manager", "sees_company")


class MemberField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not so at run time
    """A person of a company, by name."""

    def label_from_instance(self, obj: Membership) -> str:
        return obj.user.name


class SeatForm(forms.Form):
    """Whose a contact seat becomes: somebody of the company without one."""

    membership = MemberField(
        queryset=Membership.objects.none(),
        label="Who",
        empty_label="Choose a person",
        error_messages={"required": "Choose who gets the seat."},
    )

    def __init__(self, contract: Contract, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        membership = self.fields["membership"]
        assert isinstance(membership, forms.ModelChoiceField)
        membership.queryset = (
            Membership.objects.current()
            .filter(customer=contract.customer_id)
            .exclude(
                seat_holdings__contract=contract,
                seat_holdings__held_until__isnull=True,
            )
            .select_related("user")
        )

    @cached_property
    def candidates(self) -> list[Membership]:
        """The people to choose from, loaded once for all the choices of a page."""
        membership = self.fields["membership"]
        assert isinstance(membership, forms.ModelChoiceField)
        return list(membership.queryset or ())
