"""The rows and facets of the queue, drawn at once: by template each cell costs what a row may."""

from collections.abc import Container, Iterable
from datetime import date, datetime, tzinfo
from html import escape
from typing import NamedTuple

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from sla import wording
from sla.countdown import RUNNING_STATES
from sla.models import StepAcknowledgement
from supportportal.templatetags.clocks import RunningChip, chip
from supportportal.templatetags.icons import icon
from supportportal.templatetags.marks import severity, status, tier
from supportportal.templatetags.people import named_avatar
from supportportal.templatetags.times import ago
from tickets.forms.queue import Facet
from tickets.queue_facets import Option
from tickets.queue_rows import QueueRow
from tickets.saved_views import SavedView
from tickets.views.queue_tabs import View

register = template.Library()

_ESCALATED = ' <span class="tag tag--breach">Escalated</span>'
_ACCOUNT_ESCALATED = ' <span class="tag tag--breach">Account escalated</span>'
_UNREAD = ' class="is-unread"'
_NEWS = '<span class="visually-hidden">, unread</span>'
_PREMIUM = ' <span class="tag tag--accent">Premium</span>'
_ON = " chip--on"
_HERE = ' aria-current="page"'
# Kept of a row; more drop them all.
MOST_LOOKS = 16
_NO_OPTION = '<span class="small soft">No ticket here has one.</span>'
_UNASSIGNED = (
    '<span class="avatar avatar--sm avatar--empty" role="img" aria-label="Unassigned"'
    ' title="Unassigned"></span>'
)


@register.simple_tag
def queue_rows(
    rows: Iterable[QueueRow],
    can_work: bool,  # noqa: FBT001 - a tag's arguments come by place
    now: datetime,
    chosen: Container[int],
) -> SafeString:
    """Draw tickets as rows of the queue; the box to choose one only where it can be worked on.

    `chosen` are the numbers of rows that are chosen already.
    """
    zone = timezone.get_current_timezone()
    look = _Look(can_work, zone, now.astimezone(zone).date(), get_language())
    return SafeString("".join(_row(row, look, now, is_chosen=row.number in chosen) for row in rows))


@register.simple_tag
def queue_tabs(views: Iterable[View], shown: str, saved: SavedView | None) -> SafeString:
    """Draw the tabs with their sizes; none is the present one where a saved view is shown."""
    here = "" if saved else shown
    return SafeString(
        "".join(
            f'<a href="{tab.url}"{_HERE if tab.key == here else ""}>{tab.label}'
            f' <span class="count">{tab.count}</span></a>'
            for tab in views
        )
    )


@register.simple_tag
def queue_facet(facet: Facet) -> SafeString:
    """Draw a way to narrow the queue: its values with counts, folded away."""
    label, name, chosen = escape(facet.label), facet.name, facet.chosen
    told = escape(chosen[0].label) if len(chosen) == 1 else f"{len(chosen)} chosen"
    options = "".join(_option(name, one) for one in facet.options)
    when_opened = typed = ""
    if facet.options_url:
        when_opened = (
            f' hx-get="{escape(facet.options_url)}"'
            ' hx-trigger="toggle from:closest details once" data-quiet'
        )
    if facet.suggestions:
        typed = (
            f'<input class="form-control form-control-sm mb-3" name="{name}" maxlength="200"'
            f' placeholder="Another, by name" aria-label="Another {label.lower()}, by name"'
            f' list="facet-{name}-names" autocomplete="off" hx-get="{escape(facet.suggestions)}"'
            f' hx-trigger="focus once, input changed delay:200ms"'
            f' hx-target="#facet-{name}-names" data-quiet><datalist id="facet-{name}-names">'
            "</datalist>"
        )
    return SafeString(
        f'<details class="why facet" data-facet><summary class="chip{_ON if chosen else ""}">'
        f"<span>{label}</span> <b>{told if chosen else 'any'}</b>{icon('chevron-down')}</summary>"
        f'<div class="why__pop"><fieldset><legend class="visually-hidden">{label}</legend>'
        f'<div class="facet__options"{when_opened}>'
        f"{options or ('' if facet.options_url else _NO_OPTION)}</div>{typed}</fieldset>"
        '<button class="btn btn-secondary btn-sm" type="submit">Apply</button></div></details>\n'
    )


def _option(name: str, one: Option) -> str:
    count = "" if one.count is None else f'<span class="count">{one.count}</span>'
    return (
        f'<label><input class="form-check-input" type="checkbox" name="{name}"'
        f' value="{escape(one.value)}"{" checked" if one.is_chosen else ""}>'
        f"<span>{escape(one.label)}</span>{count}</label>"
    )


class _Look(NamedTuple):
    """What a row's look follows from beside the row. `today`: how a time is written."""

    can_work: bool
    zone: tzinfo
    today: date
    language: str | None


def _row(row: QueueRow, look: _Look, now: datetime, *, is_chosen: bool) -> str:
    how = look, is_chosen
    sides: tuple[str, str] | None = row.drawn.get(how)
    # How long ago something was acknowledged is another with every minute.
    if sides is None or row.acknowledged:
        sides = (
            _before_clock(row, can_work=look.can_work, is_chosen=is_chosen),
            _after_clock(row, look.zone, now),
        )
        if len(row.drawn) >= MOST_LOOKS:
            row.drawn.clear()
        row.drawn[how] = sides
    return f"{sides[0]}{_clock(row, now)}{sides[1]}"


def _clock(row: QueueRow, now: datetime) -> str:
    kept: RunningChip | None = row.drawn.get(RunningChip)
    if kept is not None and kept.holds(now):
        return kept.draw(now)
    if row.clock is not None and row.clock.state(now) in RUNNING_STATES:
        kept = row.drawn[RunningChip] = RunningChip(row.clock, "staff", now)
        return kept.draw(now)
    return chip(row.clock, "staff", now)


def _before_clock(row: QueueRow, *, can_work: bool, is_chosen: bool) -> str:
    choose = (
        f'<td class="col-check"><input class="form-check-input" type="checkbox" name="ticket"'
        f' value="{row.number}"{" checked" if is_chosen else ""}'
        f' aria-label="Select {row.reference}"></td>'
        if can_work
        else ""
    )
    return (
        f"<tr data-row{_UNREAD if row.is_unread else ''}"
        f' aria-selected="{"true" if is_chosen else "false"}">{choose}<td class="col-sla">'
    )


def _after_clock(row: QueueRow, zone: tzinfo, now: datetime) -> str:
    reference, clock = row.reference, row.clock
    due = "–"
    if clock is not None and clock.due_at is not None and clock.stopped_at is None:
        due = _soon(clock.due_at, zone, now)
    tags = _PREMIUM if row.is_premium else ""
    if row.is_escalated or row.is_account_escalated:
        tags = (_ESCALATED if row.is_escalated else _ACCOUNT_ESCALATED) + tags
    tags += "".join(f' <span class="tag tag--line">{escape(name)}</span>' for name in row.tags)
    tags += "".join(_acknowledged(one, now) for one in row.acknowledged)
    product = f"{escape(row.product)} {escape(row.version)}" if row.product else ""
    who = named_avatar(row.assignee, is_us=True, size="sm") if row.assignee else _UNASSIGNED
    return (
        f'</td><td class="col-due soft num">{due}</td>'
        f'<td class="col-sev">{severity(row.severity, icon_only=True)}</td>'
        f'<td class="queue__title"><div><span class="id">{reference}</span> '
        f'<a href="{row.address}">{escape(row.subject)}</a>'
        f"{_NEWS if row.is_unread else ''}{tags}"
        f'<a class="queue__why" data-place href="/queue/{row.number}/place/">?'
        f'<span class="visually-hidden"> Why {reference} stands here</span></a></div></td>'
        f'<td class="customer">{escape(row.customer)}</td>'
        f'<td class="col-tier">{tier(*row.plan)}</td>'
        f'<td class="col-product soft">{product}</td>'
        f'<td class="col-status">{status(row.state, "staff")}</td>'
        f'<td class="col-who">{who}</td>'
        f'<td class="col-updated muted num">{_soon(row.updated_at, zone, now)}</td></tr>\n'
    )


def _acknowledged(one: StepAcknowledgement, now: datetime) -> str:
    return (
        f' <span class="tag tag--line" title="Acknowledged by {escape(one.person.name)}">'
        f'{icon("user-check", size="sm")}<span class="visually-hidden">Acknowledged by </span>'
        f"{escape(one.person.get_short_name())} {ago(one.at, now)}</span>"
    )


def _soon(at: datetime, zone: tzinfo, now: datetime) -> str:
    """As the filter `soon`; the words are our own and hold nothing to escape."""
    words = wording.near_words(at, zone, now=now)
    return f'<time datetime="{at.isoformat(timespec="seconds")}">{words}</time>'
