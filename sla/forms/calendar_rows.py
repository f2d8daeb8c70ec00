"""Fields that come in rows, as many as there is something to fill in."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms


def drawn[Widget: forms.Widget](widget: Widget) -> Widget:
    """Give a widget the looks of the others."""
    widget.attrs["class"] = "form-control"
    return widget


def highest(given: Mapping[str, Any], pattern: str) -> int:
    """Return the highest number of a row that has something in it; -1 when none has."""
    found = [
        int(match[1])
        for name in given
        if (match := re.fullmatch(pattern, name)) and len(match[1]) < 4 and given.get(name)
    ]
    return max(found, default=-1)
