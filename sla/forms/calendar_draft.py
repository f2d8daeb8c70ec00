"""A draft of a calendar as the form's fields hold it."""

from collections.abc import Iterator
from typing import Any

from django.http import QueryDict

from sla.business_time import WEEKDAYS
from sla.calendar_draft import Draft
from sla.public_holidays import holidays_of, plain_name


def with_mondays_hours(typed: QueryDict) -> QueryDict:
    """Return what was typed, with Monday's windows on every working day."""
    copied = typed.copy()
    for day in WEEKDAYS[1:5]:
        for name in [name for name in copied if name.startswith(f"{day}_")]:
            del copied[name]
        for name in typed:
            if name.startswith("mon_"):
                copied[name.replace("mon", day, 1)] = str(typed[name])
    return copied


def of_typed(typed: QueryDict) -> dict[str, Any]:
    """Return the fields of what was typed."""
    initial: dict[str, Any] = dict(typed.items())
    initial["kept_holidays"] = typed.getlist("kept_holidays")
    return initial


def of_draft(draft: Draft | None, based_on: int) -> dict[str, Any]:
    """Return the fields of a draft; of a new calendar without one."""
    if draft is None:
        return {"zone": "America/New_York"}
    return {
        "zone": draft.zone,
        "country": draft.country,
        "subdivision": draft.subdivision,
        "based_on": based_on,
        "holidays_shown": f"{draft.country}/{draft.subdivision}",
        **dict(_week_of(draft)),
        **dict(_closures_of(draft)),
        **_holidays_of_draft(draft),
    }


def _holidays_of_draft(draft: Draft) -> dict[str, Any]:
    names = {
        plain_name(name)
        for names in holidays_of(draft.country, draft.subdivision).values()
        for name in names
    }
    return {"kept_holidays": sorted(names - set(draft.skipped_holidays))}


def _week_of(draft: Draft) -> Iterator[tuple[str, Any]]:
    for day, windows in draft.windows.items():
        if windows == [["00:00", "24:00"]]:
            yield f"{day}_all", True
            continue
        for n, (opens, closes) in enumerate(windows):
            yield f"{day}_{n}_from", opens
            yield f"{day}_{n}_to", "00:00" if closes == "24:00" else closes
            yield f"{day}_{n}_past", closes <= opens


def _closures_of(draft: Draft) -> Iterator[tuple[str, Any]]:
    for n, (on, name) in enumerate(sorted(draft.own_closures.items())):
        yield f"closure_{n}_on", on
        yield f"closure_{n}_name", name
