"""Parts of a page that are the same for many readers: drawn once, then remembered by the process.

The frame around a page, its navigation, palette and menus, took as long to draw as the page itself.
"""

from collections.abc import Callable
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import escape, escapejs
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from supportportal.templatetags.forms import csrf_field
from tickets.views.queue_counts import queue_counts

register = template.Library()

# Kept of each part; more drop them all, as whoever comes draws them again.
MOST = 256
# Stands around the name of a hole in what is remembered. Of the area for private use: no text of
# ours holds it.
_EDGE = "\ue000"


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
        if len(parts) == 1:
            return SafeString(parts[0])
        return SafeString(
            "".join(HOLES[part](context) if place % 2 else part for place, part in enumerate(parts))
        )

    def _draw(self, context: Context) -> list[str]:
        text = self.nodelist.render(context)
        if "csrfmiddlewaretoken" in text:
            raise ValueError("A remembered part would give one reader's token to others.")
        return text.split(_EDGE)


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
    "path": lambda context: str(escapejs(context["request"].path)),
    "csrf_token": csrf_field,
    "unread": _unread,
}
