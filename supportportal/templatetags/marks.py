"""Marks that say by shape and word how grave, how high, how many."""

from functools import cache, lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_noop

from supportportal.templatetags.icons import icon
from tickets.choices import TicketState

register = template.Library()

_SEVERITIES = {
    1: (
        gettext_noop("Critical"),
        (
            '<path fill="currentColor" d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z"/>'
            '<path class="cut" fill="none" stroke-width="1.8" stroke-linecap="round"'
            ' d="M8 4.4v4.2M8 11.4v.1"/>'
        ),
    ),
    2: (
        gettext_noop("High"),
        (
            '<path fill="currentColor" stroke="currentColor" stroke-width="1.6"'
            ' stroke-linejoin="round" d="M8 2.4 14.3 13.2H1.7z"/>'
        ),
    ),
    3: (
        gettext_noop("Medium"),
        (
            '<path fill="none" stroke="currentColor" stroke-width="1.7" stroke-linejoin="round"'
            ' d="M8 1.6 14.4 8 8 14.4 1.6 8z"/><path fill="currentColor" d="M2 8h12l-6 6z"/>'
        ),
    ),
    4: (
        gettext_noop("Low"),
        '<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.7"/>',
    ),
}


@register.simple_tag
def severity(value: int | str, *, icon_only: bool = False) -> SafeString:
    """Draw a severity 1 to 4 as its glyph and its word; icon_only keeps the word for the ear."""
    return _severity(int(value), icon_only, get_language())


@cache
def _severity(level: int, icon_only: bool, language: str | None) -> SafeString:  # noqa: FBT001 - a remembered call has no names
    word, shape = severity_word(level), _SEVERITIES[level][1]
    return format_html(
        '<span class="sev sev--{}{}"{}><svg class="sev__glyph" viewBox="0 0 16 16"'
        ' aria-hidden="true">{}</svg><span class="sev__word">{}</span></span>',
        level,
        " sev--icon" if icon_only else "",
        format_html(' title="{}"', word) if icon_only else "",
        SafeString(shape),
        word,
    )


@register.filter
def severity_word(value: int | str) -> str:
    """Name a severity: 1 is Critical, 4 is Low."""
    return gettext(_SEVERITIES[int(value)][0])


# A state's icon, and its word for us and for the customer; what is done, and whose turn it is.
_STATES: dict[str, tuple[str, str, str]] = {
    TicketState.NEW: ("circle-dashed", "New", gettext_noop("New")),
    TicketState.IN_PROGRESS: ("loader-2", "In progress", gettext_noop("With us")),
    TicketState.WAITING_FOR_CUSTOMER: (
        "arrow-back-up",
        "Waiting for customer",
        gettext_noop("Waiting for you"),
    ),
    TicketState.WAITING_FOR_LAB: ("microscope", "Waiting for lab", gettext_noop("With our lab")),
    TicketState.RESOLVED: ("circle-check", "Resolved", gettext_noop("Solved")),
    TicketState.CLOSED: ("checks", "Closed", gettext_noop("Closed")),
}


@register.simple_tag
def status(state: str, audience: str = "customer") -> SafeString:
    """Draw a ticket's state as icon and word, in staff's or the customer's words."""
    return _status(state, audience, get_language())


@cache
def _status(state: str, audience: str, language: str | None) -> SafeString:
    name, ours, theirs = _STATES[state]
    look = ""
    if state in {TicketState.RESOLVED, TicketState.CLOSED}:
        look = " status--done"
    elif state == TicketState.WAITING_FOR_CUSTOMER and audience != "staff":
        look = " status--you"
    return format_html(
        '<span class="status{}">{}{}</span>',
        look,
        icon(name),
        ours if audience == "staff" else gettext(theirs),
    )


_TIERS = {"standard": 0, "start": 1, "plus": 2, "business": 3, "enterprise": 4}


@register.simple_tag
@lru_cache(maxsize=64)
def tier(plan_key: str, name: str = "") -> SafeString:
    """Draw a plan as four steps, filled up to the plan, and its name."""
    rank = _TIERS.get(plan_key.lower().removeprefix("msa-"), 0)
    word = name or plan_key.replace("-", " ").replace("_", " ").capitalize()
    steps = format_html_join(
        "",
        '<rect{} x="{}" y="{}" width="2.6" height="{}" rx=".8" fill="currentColor"/>',
        (
            (
                SafeString(' class="on"') if step < rank else "",
                f"{3.6 * step:.1f}",
                f"{6.4 - 2.6 * step:.1f}",
                f"{5.6 + 2.6 * step:.1f}",
            )
            for step in range(4)
        ),
    )
    return format_html(
        '<span class="tier tier--{}" title="{}"><svg class="tier__steps" viewBox="0 -1.5 14 13.5"'
        ' aria-hidden="true">{}</svg><span class="tier__word">{}</span></span>',
        rank,
        word,
        steps,
        word,
    )


# More pips than this cannot be counted at a glance, nor told apart on a phone.
_MOST_PIPS = 40


@register.simple_tag
def pips(used: int, total: int | None, about_to_use: int = 0, unit: str = "") -> SafeString:
    """Draw one mark for each of total, the first ones used; nothing when total is None."""
    if total is None:
        return SafeString("")
    left = max(total - used, 0)
    said = (
        gettext("%(left)d of %(total)d %(unit)s left")
        if unit
        else gettext("%(left)d of %(total)d left")
    )
    label = said % {"left": left, "total": total, "unit": unit}
    if about_to_use:
        label = gettext("%(label)s, %(number)d about to be used") % {
            "label": label,
            "number": about_to_use,
        }
    if total > _MOST_PIPS:
        return format_html(
            '<progress class="gauge" max="{}" value="{}" aria-label="{}">{}</progress>',
            total,
            left,
            label,
            label,
        )
    kinds = ["used"] * min(used, total) + ["this"] * min(about_to_use, left)
    kinds += [""] * (total - len(kinds))
    marks = format_html_join("", '<span class="{}"></span>', ((kind,) for kind in kinds))
    return format_html('<div class="pips" role="img" aria-label="{}">{}</div>', label, marks)
