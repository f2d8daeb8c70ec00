"""Holidays of a country or region, as the form offers them."""

from datetime import date

from django.http import QueryDict

from sla import wording
from sla.public_holidays import country_choices, holidays_of, plain_name, subdivision_choices


def holiday_lines(country: str, subdivision: str, today: date) -> list[tuple[str, str]]:
    """Return each holiday's name with its days of the coming twelve months in words."""
    end = date(today.year + 1, today.month, min(today.day, 28))
    days: dict[str, list[str]] = {}
    if country not in dict(country_choices()):
        return []
    for on, names in holidays_of(country, subdivision).items():
        for name in names:
            coming = days.setdefault(plain_name(name), [])
            if today <= on < end:
                aside = name.removeprefix(plain_name(name)).strip()
                coming.append(" ".join(filter(None, (wording.day_words(on), aside))))
    return [(name, ", ".join(some)) for name, some in sorted(days.items()) if some] + [
        (name, "not within a year") for name, some in sorted(days.items()) if not some
    ]


def with_its_holidays(typed: QueryDict, today: date) -> QueryDict:
    """Return what was typed, with all holidays of a country chosen since the page was drawn."""
    country, part = typed.get("country") or "", typed.get("subdivision") or ""
    if part not in dict(subdivision_choices(country)):
        part = ""
    if typed.get("holidays_shown") == f"{country}/{part}":
        return typed
    adjusted = typed.copy()
    adjusted["subdivision"] = part
    adjusted["holidays_shown"] = f"{country}/{part}"
    adjusted.setlist("kept_holidays", [name for name, _ in holiday_lines(country, part, today)])
    return adjusted
