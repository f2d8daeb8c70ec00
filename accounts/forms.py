"""What every form does with a refusal of the domain."""

import zoneinfo
from typing import Any

from django import forms

from accounts.errors import DomainError


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
    return [*regions.items(), ("Everywhere", [("UTC", "UTC")])]


_REGIONS = {
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
}


class ZoneField(forms.ChoiceField):
    """A time zone, chosen from a list."""

    def __init__(self, **options: Any) -> None:
        options = {"label": "Time zone", "initial": "America/New_York"} | options
        super().__init__(choices=zone_choices, **options)
