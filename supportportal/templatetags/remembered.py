"""Parts of a page that are the same for many readers: drawn once, then remembered by the process.

The frame around a page, its navigation, palette and menus, took as long to draw as the page itself.
"""

import secrets
from collections.abc import Callable, Hashable, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils import timezone
from django.utils.html import escape, escapejs
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from supportportal.templatetags.forms import csrf_field
from tickets.views.queue_counts import queue_counts

register = template.Library()

# Kept of each part; more drop them all, as whoever comes draws them again.
MOST = 256
# Of a part that follows from values; of more the one asked for longest ago goes. A ticket's
# page has ten of a kilobyte or two.
MOST_OF_VALUES = 1024
# Stands around the name of a hole in what is remembered. Nobody can write it into a text of theirs.
_EDGE = f"\ue000{secrets.token_hex(8)}\ue000"


@register.tag
def remembered(parser: Parser, token: Token) -> "Remembered":
    """Draw what stands inside once for all who have the same values and language.

    `{% remembered user.roles request.resolver_match.url_name %}…{% endremembered %}`: everything
    inside must follow from the values named, or from nothing; what is the reader's own comes
    through a hole. A part with a CSRF token is refused.
    """
    values = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    inside = parser.parse(("endremembered",))
    parser.delete_first_token()
    return Remembered(values, inside)


@register.tag
def remembered_of(parser: Parser, token: Token) -> "RememberedOf":
    """Draw what stands inside once for all for whom the values named are the same.

    `{% remembered_of ticket=facts tags=ticket.tags %}…{% endremembered_of %}`: inside there is
    nothing else of the page, so that nothing can be shown that was not compared. Values are plain:
    texts, numbers, moments, and tuples or lists of such. Language, zone and day are compared with
    them; a form inside gets its reader's token. What no value is to be compared for comes as a
    hole: `{% hole "newest_event" as seen %}{% remembered_of newest_event=seen %}`.
    """
    values = token_kwargs(token.split_contents()[1:], parser)
    inside = parser.parse(("endremembered_of",))
    parser.delete_first_token()
    return RememberedOf(values, inside)


@register.simple_tag
def hole(name: str) -> SafeString:
    """Leave room in a remembered part for what differs; `HOLES` lists what there is."""
    return SafeString(f"{_EDGE}{name}{_EDGE}")


class Remembered(template.Node):
    """A part of a template, with what it has drawn so far."""

    def __init__(self, values: list[FilterExpression], inside: NodeList) -> None:
        self.nodelist = inside
        self._values = values
        self._drawn: dict[tuple[Any, ...], list[str]] = {}

    def render(self, context: Context) -> SafeString:
        """Return the part, drawn now or before, its holes filled for this reader."""
        key = (get_language(), *(_fixed(value.resolve(context)) for value in self._values))
        parts = self._drawn.get(key)
        if parts is None:
            parts = self._draw(context)
            if len(self._drawn) >= MOST:
                self._drawn.clear()
            self._drawn[key] = parts
        return _filled(parts, context)

    def _draw(self, context: Context) -> list[str]:
        text = self.nodelist.render(context)
        if "csrfmiddlewaretoken" in text:
            raise ValueError("A remembered part would give one reader's token to others.")
        return text.split(_EDGE)


class RememberedOf(template.Node):
    """A part that follows from plain values, with what it has drawn so far."""

    def __init__(self, values: Mapping[str, FilterExpression], inside: NodeList) -> None:
        self.nodelist = inside
        self._values = values
        self._drawn: dict[Hashable, list[str]] = {}

    def render(self, context: Context) -> SafeString:
        """Return the part, drawn now or before, its holes filled for this reader.

        Raises: TypeError for a value that may change without becoming another.
        """
        values = {name: value.resolve(context) for name, value in self._values.items()}
        local = timezone.localtime()
        # A moment is said by the reader's zone, and without its year while it is this one.
        compared = [_compared(context, value) for value in values.values()]
        key = (get_language(), local.date(), str(local.tzinfo), *compared)
        parts = self._drawn.pop(key, None)
        if parts is None:
            # Where a form puts its token, whoever reads it puts theirs.
            inside = context.new({**values, "csrf_token": hole("token")})
            parts = self.nodelist.render(inside).split(_EDGE)
            if len(self._drawn) >= MOST_OF_VALUES:
                self._drawn.pop(next(iter(tuple(self._drawn))), None)  # Other threads draw, too.
        self._drawn[key] = parts  # The newest is the last.
        return _filled(parts, context)


def _compared(context: Context, value: Any) -> Hashable:
    """As `plain`, found once for a page: several of its parts are drawn from the same facts."""
    if type(value) in _PLAIN:
        return type(value), value
    known: dict[int, tuple[Any, Hashable]]
    known = context.render_context.setdefault(RememberedOf, {})  # type: ignore[arg-type,assignment]  # holds what a node puts there
    found = known.get(id(value))
    if found is None:
        # With the value itself, so that no other gets its place in memory meanwhile.
        found = known[id(value)] = value, plain(value)
    return found[1]


def plain(value: Any) -> Hashable:
    """What a value is compared by: equal ones are drawn the same.

    Raises: TypeError for one that may change without becoming another, such as a row.
    """
    kind = type(value)
    if kind in _PLAIN or isinstance(value, Enum):
        return kind, value  # True is no 1, and safe text is no other text.
    if isinstance(value, list | tuple):
        kinds = tuple(map(type, value))
        # Most hold nothing but these, and are compared at once.
        each = tuple(value) if _PLAIN.issuperset(kinds) else tuple(map(plain, value))
        return kind, kinds, each
    raise TypeError(f"{value!r} is not compared by all that it shows.")


_PLAIN = frozenset({str, SafeString, int, float, bool, type(None), datetime, date, timedelta})


def _filled(parts: list[str], context: Context) -> SafeString:
    if len(parts) == 1:
        return SafeString(parts[0])
    return SafeString(
        "".join(HOLES[part](context) if place % 2 else part for place, part in enumerate(parts))
    )


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _count(context: Context, view: str, look: str = "count") -> str:
    size = queue_counts(context["request"])[view]
    return f'<span class="{look}">{size}</span>' if size else ""


def _unread(context: Context) -> str:
    count = context["unread_notices"]
    if not count:
        return ""
    # Outside the f-string, where it is found to be translated.
    word = escape(gettext("new"))
    new = f'<span class="visually-hidden"> {word}</span>'
    return f'<span class="push tag tag--accent num">{count}{new}</span>'


HOLES: dict[str, Callable[[Context], str]] = {
    "open": lambda context: _count(context, "open"),
    "mine": lambda context: _count(context, "mine"),
    "at_risk": lambda context: _count(context, "at_risk", "count count--hot"),
    "newest_event": lambda context: str(context["newest_event"]),
    "path": lambda context: str(escapejs(context["request"].path)),
    "csrf_token": csrf_field,
    "token": lambda context: escape(context["csrf_token"]),
    "unread": _unread,
}
