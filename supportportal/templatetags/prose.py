"""Text people wrote, sizes of files, and drawings our own code made."""

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import lru_cache
from html import unescape

import nh3
from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

register = template.Library()

_WORDS = {"a", "br", "code", "em", "s", "strong"}
_BLOCKS = {"blockquote", "hr", "li", "ol", "p", "pre", "ul"}
_CELLS = {"td", "th"}
# No word in a cell that is to stay whole.
_LONG = re.compile(r"\S{25}")
_TABLES = {"div", "table", "tbody", "td", "th", "thead", "tr"}


def _headings_become_lines(state: StateCore) -> None:
    """Turn headings into bold lines: a message must not change the outline of the page."""
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "p"
            if token.nesting == 1:
                token.attrSet("class", "msg__line")


def _headings_stand_below_the_title(state: StateCore) -> None:
    """Begin an article's own headings at the second level: the first is the page's."""
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h2" if token.tag in {"h1", "h2"} else "h3"


def _tables_scroll_by_themselves(state: StateCore) -> None:
    """Put each table into a box of its own, so that a wide one never widens the page.

    A cell with a hash or a path says so: it may break within a word, the others keep theirs whole.
    """
    tokens = list[Token]()
    for token in state.tokens:
        if token.type == "inline" and tokens[-1].tag in _CELLS and _LONG.search(token.content):
            tokens[-1].attrSet("class", "is-long")
        if token.type == "table_open":
            box = Token("box_open", "div", 1, block=True)
            box.attrs = {"class": "told-table", "tabindex": "0"}
            tokens.append(box)
        tokens.append(token)
        if token.type == "table_close":
            tokens.append(Token("box_close", "div", -1, block=True))
    state.tokens = tokens


def _only_our_pictures(state: StateCore) -> None:
    """Leave pictures from elsewhere as words: they would tell their host who reads an article."""
    for token in state.tokens:
        for child in token.children or ():
            source = str(child.attrGet("src") or "")
            if child.type == "image" and not _OUR_PICTURE.fullmatch(source):
                child.type, child.children = "text", None


def _markdown(headings: Callable[[StateCore], None]) -> MarkdownIt:
    # Images are left as text: a picture from elsewhere would tell its host who reads a ticket.
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}, renderer_cls=RendererHTML)
    parser.enable(["table", "strikethrough"]).disable("image")
    parser.core.ruler.push("headings", headings)
    parser.core.ruler.push("tables", _tables_scroll_by_themselves)
    return parser


# Where knowledge.views.images serves one.
_OUR_PICTURE = re.compile(r"/knowledge/images/[0-9a-f]{32}/")
_MARKDOWN = _markdown(_headings_become_lines)
_ARTICLES = _markdown(_headings_stand_below_the_title).enable("image")
_ARTICLES.core.ruler.push("pictures", _only_our_pictures)


@register.filter
def filesize(size: int) -> str:
    """Write a size the way people say it: 412 KB, 1.5 MB."""
    return filesizeformat(size).replace(".0\xa0", "\xa0")


@register.filter
@lru_cache(maxsize=8192)
def markdown(text: str | None) -> SafeString:
    """Render what a person wrote: Markdown, then an allow-list of tags; links open no back door.

    What was said stays as it is, and a ticket is read many times: the last ones are kept, a few
    megabytes in each process.
    """
    return _cleaned(_MARKDOWN.render(text or ""))


@register.filter
def plain(text: str | None) -> str:
    """Write Markdown as the words alone, on one line: for lists that show how a text begins."""
    return " ".join(unescape(strip_tags(markdown(text))).split())


@register.filter
@lru_cache(maxsize=512)
def article_text(text: str | None) -> SafeString:
    """Render the text of an article: as `markdown`, with headings and with our own pictures."""
    return _cleaned(_ARTICLES.render(text or ""), {"h2", "h3", "img"})


def _cleaned(rendered: str, more_tags: AbstractSet[str] = frozenset()) -> SafeString:
    html = nh3.clean(
        rendered,
        tags=_WORDS | _BLOCKS | _TABLES | more_tags,
        attributes={
            "a": {"href", "title"},
            "div": {"class", "tabindex"},
            "img": {"src", "alt"},
            "ol": {"start"},
            "p": {"class"},
            **{cell: {"class"} for cell in _CELLS},
        },
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )
    return mark_safe(html)  # noqa: S308 - nh3 cleaned it just above


@register.filter
def inline_svg(drawing: str) -> SafeString:
    """Put a drawing our own code made into the page: the CSP has no room for data: addresses."""
    return SafeString(drawing[drawing.index("<svg") :])
