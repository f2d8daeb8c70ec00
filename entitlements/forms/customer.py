"""Customers and the people who belong to them."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Role
from accounts.forms import ZoneField
from accounts.models import User
from entitlements.models import Contract, Membership, TamTeam


class CustomerForm(forms.Form):
    """A company's name, zone and account managers."""

    name = forms.CharField(
        label=gettext_lazy("Company"),
        max_length=120,
        error_messages={"required": "Give the company’s name."},
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
        label=gettext_lazy("Company manager"),
        help_text=gettext_lazy("Manages people and contact seats, and asks for plans."),
    )
    sees_company = forms.BooleanField(
        required=False,
        label=gettext_lazy("Sees all tickets of the company"),
        help_text=gettext_lazy(
            "Otherwise only their own. Technical contacts and managers always see all."
        ),
    )


class InvitationForm(PlaceForm):
    """Whom to ask in, and what they may do."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The invitation goes there. It can be accepted for seven days."),
        error_messages={
            "required": gettext_lazy("Give an e-mail address."),
            "invalid": gettext_lazy("Write the whole address, such as name@company.com."),
        },
    )
    gives_seat = forms.BooleanField(
        required=False,
        label=gettext_lazy("Technical contact"),
        help_text=gettext_lazy("They get a contact seat when they accept, if one is free then."),
    )

    field_order = ("email", "gives_seat", "sees_company", "is_manager")


class NewcomerForm(forms.Form):
    """What an invited person says about themselves."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Give your name.")},
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("With the country code. We call technical contacts back on it."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    title = forms.CharField(
        required=False,
        max_length=120,
        label=gettext_lazy("Job title"),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    zone = ZoneField(help_text=gettext_lazy("Times are shown in it."))
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            "At least 12 characters. A sentence is easier to remember than a riddle."
        ),
        error_messages={"required": gettext_lazy("Choose a password.")},
    )

    def __init__(self, *args: Any, email: str, needs_phone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email
        if not self.is_bound:
            # The company's zone is a guess; the browser knows better where it is.
            self.fields["zone"].widget.attrs["data-own-zone"] = "yes"
        phone = self.fields["phone"]
        phone.required = needs_phone
        phone.error_messages["required"] = _("Give a number: we call technical contacts back.")

    def clean(self) -> dict[str, Any]:
        """Hold the password to the same rules as everywhere."""
        said = super().clean() or self.cleaned_data
        if password := said.get("password"):
            person = User(email=self._email, name=said.get("name", ""))
            try:
                validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return said


class AccessForm(PlaceForm):
    """What somebody of a company may do, and whether they are on its watcher list."""

    hears_of_all = forms.BooleanField(
        required=False,
        label=gettext_lazy("Gets a copy of each new ticket"),
        help_text=gettext_lazy("Whoever files one can leave them out of it."),
    )


class PersonForm(PlaceForm):
    """Somebody new in a company."""

    name = forms.CharField(max_length=120, error_messages={"required": "Give the person’s name."})
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text="They sign in with it. A password is set through “Forgot your password”.",
        error_messages={
            "required": gettext_lazy("Give an e-mail address."),
            "invalid": gettext_lazy("Write the whole address, such as name@company.com."),
        },
    )
    phone = forms.CharField(
        required=False,
        max_length=40,
        help_text="Technical contacts need one: we call them back.",
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    title = forms.CharField(required=False, max_length=120, label=gettext_lazy("Job title"))
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
        label=gettext_lazy("Who"),
        empty_label=gettext_lazy("Choose a person"),
        error_messages={"required": gettext_lazy("Choose who gets the seat.")},
    )

    def __init__(
        self,
        contract: Contract,
        *args: Any,
        candidates: list[Membership] | None = None,
        **kwargs: Any,
    ) -> None:
        # A page may show the seats of two contracts.
        super().__init__(*args, **kwargs | {"auto_id": f"seat_{contract.pk}_%s"})
        membership = self.fields["membership"]
        assert isinstance(membership, forms.ModelChoiceField)
        membership.queryset = (
            Membership.objects.current()
            .filter(customer=contract.customer_id)
            .exclude(pk__in=contract.seat_holdings.current().values("membership"))
            .select_related("user")
        )
        if candidates is not None:
            # A page that has loaded the people already need not ask for them again.
            self.candidates = candidates
            membership.choices = [
                ("", membership.empty_label or ""),
                *((one.pk, membership.label_from_instance(one)) for one in candidates),
            ]

    @cached_property
    def candidates(self) -> list[Membership]:
        """The people to choose from, loaded once for all the choices of a page."""
        membership = self.fields["membership"]
        assert isinstance(membership, forms.ModelChoiceField)
        return list(membership.queryset or ())
