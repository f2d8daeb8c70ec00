"""The rows of the queue, drawn at once: a template of its own for each cell cost most of a page."""

from collections.abc import Container, Iterable
from datetime import datetime, tzinfo
from html import escape

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from sla import wording
from sla.models import StepAcknowledgement
from supportportal.templatetags.clocks import chip
from supportportal.templatetags.icons import icon
from supportportal.templatetags.marks import severity, status, tier
from supportportal.templatetags.people import named_avatar
from supportportal.templatetags.times import ago
from tickets.queue_rows import QueueRow

register = template.Library()

_ESCALATED = ' <span class="tag tag--breach">Escalated</span>'
_ACCOUNT_ESCALATED = ' <span class="tag tag--breach">Account escalated</span>'
_UNREAD = ' class="is-unread"'
_NEWS = '<span class="visually-hidden">, unread</span>'
_PREMIUM = ' <span class="tag tag--accent">Premium</span>'
_UNASSIGNED = (
    '<span class="avatar avatar--sm avatar--empty" role="img" aria-label="Unassigned"'
    ' title="Unassigned"></span>'
)


@register.simple_tag
def queue_rows(
    rows: Iterable[QueueRow],
    can_work: bool,  # noqa: FBT001
    now: datetime,
    chosen: Container[int],
) -> SafeString:
    """Draw tickets as rows of the queue; the box to choose one only where it can be worked on.

    `chosen` are the numbers of rows that are chosen already.
    """
    zone = timezone.get_current_timezone()
    return SafeString(
        "".join(
            _row(row, zone, now, can_work=can_work, is_chosen=row.number in chosen) for row in rows
        )
    )


def _row(row: QueueRow, zone: tzinfo, now: datetime, *, can_work: bool, is_chosen: bool) -> str:
    reference, clock = row.reference, row.clock
    choose = (
        f'<td class="col-check"><input class="form-check-input" type="checkbox" name="ticket"'
        f' value="{row.number}"{" checked" if is_chosen else ""}'
        f' aria-label="Select {reference}"></td>'
        if can_work
        else ""
    )
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
        f"<tr data-row{_UNREAD if row.is_unread else ''}"
        f' aria-selected="{"true" if is_chosen else "false"}">{choose}'
        f'<td class="col-sla">{chip(clock, "staff", now)}</td>'
        f'<td class="col-due soft num">{due}</td>'
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
