"""The entries of a conversation, drawn at once: a long ticket has fifty of them."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeData, SafeString
from django.utils.translation import get_language, gettext, gettext_noop

from sla import wording
from supportportal.templatetags.files import file_list
from supportportal.templatetags.forms import notice_form
from supportportal.templatetags.icons import icon
from supportportal.templatetags.people import avatar
from supportportal.templatetags.prose import markdown
from supportportal.templatetags.times import with_units
from tickets.views.staff_lines import Happened
from tickets.views.staff_thread import Said

register = template.Library()

NOBODY = gettext_noop("Somebody who left")


@register.simple_tag(takes_context=True)
def staff_entries(context: Context, entries: Iterable[Said | Happened]) -> SafeString:
    """Draw what stands in a day of a ticket's thread, for staff."""
    # Asked once: a long thread asks fifty times otherwise.
    zone, language = timezone.get_current_timezone_name(), get_language()
    return SafeString("".join(_staff_entry(context, entry, zone, language) for entry in entries))


def _staff_entry(context: Context, entry: Said | Happened, zone: str, language: str) -> str:
    ticket = context["ticket"]
    if isinstance(entry, Happened):
        return happening(entry.text, entry.at, entry.icon, entry.is_good, zone)
    if entry.is_note:
        company = ticket.customer.name
        return note(entry, company, entry.role, entry.files, zone, told=entry.told)
    said = _kept_message(entry, entry.role, entry.files, entry.badge, zone=zone, language=language)
    if entry.overturning is None:
        return said
    form = notice_form(
        context,
        entry.overturning,
        reverse("ticket_overturning", args=[ticket.number, entry.pk]),
        "Not a qualified answer?",
        "Take the mark back",
    )
    return f'{said}<li class="event">{icon("rotate")}{form}</li>'


@register.simple_tag
def message(
    said: Any, role: str = "", files: Iterable[Any] | None = None, badge: str = "", zone: str = ""
) -> SafeString:
    """Draw a public message: .pk, .author, .body, .created_at; `badge` says what it counts as."""
    reader = zone or timezone.get_current_timezone_name()
    return SafeString(_kept_message(said, role, files, badge, zone=reader, language=get_language()))


def _kept_message(
    said: Any, role: str, files: Iterable[Any] | None, badge: str, *, zone: str, language: str
) -> str:
    by = said.author
    shown = Shown(
        said.pk,
        by and Author(by.name, by.email, by.is_staff_member),
        said.body,
        said.created_at,
        role,
        badge,
        zone,
        language,
    )
    draw = _message if len(said.body) <= LONGEST_KEPT else _message.__wrapped__
    return f"{draw(shown)}{file_list(files) if files else ''}</li>"


class Author(NamedTuple):
    """Whoever wrote something, by what is shown of them."""

    name: str
    email: str
    is_staff_member: bool

    def get_full_name(self) -> str:
        return self.name


class Shown(NamedTuple):
    """All that a message is drawn from but its files."""

    pk: int
    author: Author | None
    body: str
    at: datetime
    role: str
    badge: str
    zone: str
    language: str


# A ticket is opened again after each thing that is done on it; its messages are what they were.
# Kept are at most some 40 MB: a log pasted as a message is drawn anew. Units: characters.
LONGEST_KEPT = 4_000


@lru_cache(maxsize=4096)
def _message(shown: Shown) -> str:
    mark = ""
    if shown.badge:
        mark = f'<span class="tag tag--ok">{icon("check", size="sm")}{escape(shown.badge)}</span>'
    return (
        f'<li class="msg" id="message-{shown.pk}">'
        f"{_head(shown.author, shown.role, mark, shown.at, shown.zone)}"
        f'<div class="msg__body">{markdown(shown.body)}</div>'
    )


@register.simple_tag
def note(
    said: Any,
    customer_name: str = "",
    role: str = "",
    files: Iterable[Any] | None = None,
    zone: str = "",
    *,
    told: str = "",
) -> SafeString:
    """Draw an internal note, which cannot be taken for a message; staff only.

    `told` names the colleagues it mentions.
    """
    mentioned = f'<p class="msg__told">{icon("at", size="sm")}Told {escape(told)}</p>'
    hidden_from = escape(customer_name or "the customer")
    return SafeString(
        f'<li class="msg msg--internal" id="note-{said.pk}">'
        f'<div class="msg__banner">{icon("lock", size="sm")}'
        f"Internal note, not visible to {hidden_from}</div>"
        f"{_head(said.author, role, '', said.created_at, zone)}"
        f'<div class="msg__body">{markdown(said.body)}</div>'
        f"{mentioned if told else ''}{file_list(files)}</li>"
    )


@register.simple_tag
def happening(
    text: str,
    at: datetime,
    icon_name: str = "",
    is_good: bool = False,  # noqa: FBT001, FBT002 - a tag's arguments come by place
    zone: str = "",
) -> SafeString:
    """Draw something that happened, as a line; `text` is safe or plain."""
    words = with_units(text if isinstance(text, SafeData) else escape(text))
    return SafeString(
        f'<li class="event{" event--ok" if is_good else ""}">{icon(icon_name or "history")}'
        f"<span>{words}</span>{_time(at, zone)}</li>"
    )


def _head(author: Any, role: str, mark: str, at: datetime, zone: str) -> str:
    name = escape(author.name) if author is not None and author.name else gettext(NOBODY)
    part = f' <span class="role">{escape(role)}</span>' if role else ""
    return (
        f'<div class="msg__head">{avatar(author)}<div><b>{name}</b>{part}</div>{mark}'
        f"{_time(at, zone)}</div>"
    )


def _time(at: datetime, zone: str) -> str:
    """As the filter `time_of_day`; the words are our own and hold nothing to escape."""
    reader: tzinfo = wording.as_zone(zone) if zone else timezone.get_current_timezone()
    local = at.astimezone(reader)
    words = f"{local.hour:02}:{local.minute:02} {wording.zone_word(local)}"
    return f'<time datetime="{at.isoformat(timespec="seconds")}">{words}</time>'
