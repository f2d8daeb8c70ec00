"""What every form does with a refusal of the domain."""

import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from accounts.choices import TokenScope
from accounts.errors import DomainError
from accounts.languages import in_words


def add_domain_error(form: forms.BaseForm, error: DomainError) -> None:
    """Put a refusal beside the field it names, or above the form when the form has no such field.

    Effects: the form is invalid from now on, with what was typed still in it.
    """
    form.add_error(error.field if error.field in form.fields else None, error.message)


def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """List the time zones people live in, by region, for a select."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(zoneinfo.available_timezones()):
        region, slash, place = zone.partition("/")
        if slash and region in _REGIONS:
            regions.setdefault(region, []).append((zone, place.replace("_", " ")))
    return [
        *((gettext(region), zones) for region, zones in regions.items()),
        (gettext("Everywhere"), [("UTC", "UTC")]),
    ]


_REGIONS = {
    gettext_noop("Africa"),
    gettext_noop("America"),
    gettext_noop("Antarctica"),
    gettext_noop("Arctic"),
    gettext_noop("Asia"),
    gettext_noop("Atlantic"),
    gettext_noop("Australia"),
    gettext_noop("Europe"),
    gettext_noop("Indian"),
    gettext_noop("Pacific"),
}


class ZoneField(forms.ChoiceField):
    """A time zone, chosen from a list."""

    def __init__(self, **options: Any) -> None:
        ours: dict[str, Any] = {
            "label": gettext_lazy("Time zone"),
            "initial": "America/New_York",
            "error_messages": {"required": gettext_lazy("Choose a time zone.")},
        }
        super().__init__(choices=zone_choices, **ours | options)


class ProfileForm(forms.Form):
    """What people say about themselves."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give your name.")},
    )
    title = forms.CharField(label=gettext_lazy("Job title"), max_length=120, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("With the country code. We call technical contacts back on it."),
    )
    zone = ZoneField(help_text=gettext_lazy("Times are shown in it. It moves no deadline."))


class TokenForm(forms.Form):
    """A token to make."""

    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=80,
        help_text=gettext_lazy("Such as: ticket sync on build server 2."),
        error_messages={"required": gettext_lazy("Say what the token is for.")},
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("It may"),
        choices=in_words(TokenScope.choices),
        error_messages={"required": gettext_lazy("Choose what the token may do.")},
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("It ends after"),
        choices=[
            ("30", gettext_lazy("30 days")),
            ("90", gettext_lazy("90 days")),
            ("365", gettext_lazy("a year")),
        ],
        coerce=int,
        initial="90",
        error_messages={"required": gettext_lazy("Choose when the token ends.")},
    )
