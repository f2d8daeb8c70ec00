"""Holidays of countries by the `holidays` library: their names, and the days they close.

The library's words are English where it has them. A holiday's *name* leaves out that a day is only
observed or estimated, so that a choice by name holds for every year.
"""

import re
import warnings
from collections.abc import Iterable
from datetime import date
from functools import cache

import holidays
from holidays.registry import COUNTRIES

# Closures are written ahead, so that no contract of today outlives them.
YEARS = range(2020, 2041)
_ASIDE = re.compile(r"(?: \([^()]*(?:observed|estimated|substitut)[^()]*\))+$")


@cache
def country_choices() -> list[tuple[str, str]]:
    """List the countries the library knows, by name."""
    found = [
        (names[1], module.replace("_", " ").title().replace(" And ", " and "))
        for module, names in COUNTRIES.items()
    ]
    return sorted(found, key=lambda one: one[1])


def country_name(country: str) -> str:
    """A country's name, or the code when the library does not know it."""
    return dict(country_choices()).get(country, country)


@cache
def subdivision_choices(country: str) -> list[tuple[str, str]]:
    """List a country's states or regions that have holidays of their own."""
    if country not in dict(country_choices()):
        return []
    kind = getattr(holidays, country)
    names = {code: name for name, code in getattr(kind, "subdivisions_aliases", {}).items()}
    return sorted(
        ((code, names.get(code, code)) for code in kind.subdivisions), key=lambda one: one[1]
    )


@cache
def holidays_of(country: str, subdivision: str = "") -> dict[date, tuple[str, ...]]:
    """The holidays of a country by day, those moved to another day included, over YEARS.

    Raises: NotImplementedError for a place the library does not know.
    """
    if not country:
        return {}
    english = "en_US" in (getattr(holidays, country).supported_languages or ())
    with warnings.catch_warnings():
        # It warns of years for which it knows fewer of a country's holidays.
        warnings.simplefilter("ignore", UserWarning)
        found = holidays.country_holidays(
            country,
            subdiv=subdivision or None,
            years=YEARS,
            observed=True,
            language="en_US" if english else None,
        )
    return {day: tuple(found[day].split("; ")) for day in sorted(found)}


def plain_name(name: str) -> str:
    """A holiday's name without "(observed)" and the like."""
    return _ASIDE.sub("", name)


def closed_days(country: str, subdivision: str, skipped: Iterable[str]) -> dict[date, str]:
    """The days that a country's holidays close, those of the `skipped` names left out."""
    left_out = set(skipped)
    found = {}
    for day, names in holidays_of(country, subdivision).items():
        kept = [name for name in names if plain_name(name) not in left_out]
        if kept:
            found[day] = "; ".join(kept)
    return found
