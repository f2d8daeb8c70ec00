"""Files on a ticket: a link each, or why it is none."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from supportportal.templatetags.icons import icon
from supportportal.templatetags.prose import filesize
from supportportal.templatetags.times import day

register = template.Library()


@register.simple_tag
def file_list(files: Iterable[Any] | None, *, with_facts: bool = False) -> SafeString:
    """Draw files: each .name, .size, .url, and what is known of its content (tickets.Inspected).

    `with_facts` adds the hash and what the scanner says.
    """
    lines = "".join(
        f"<li>{_line(file)}{_facts(file) if with_facts else ''}</li>" for file in files or ()
    )
    look = "files files--facts" if with_facts else "files"
    return SafeString(f'<ul class="{look}">{lines}</ul>' if lines else "")


def _line(file: Any) -> str:
    name, size = escape(file.name), filesize(file.size)
    if getattr(file, "is_refused", False):
        # Its page says what the scanner found, and takes it as a sample.
        refused = _("refused by the scanner")
        return (
            f'<a class="file--refused" href="{escape(file.url)}sample/">{icon("ban", size="sm")}'
            f"{name} <span>{refused}</span></a>"
        )
    if getattr(file, "removed_at", None):
        gone = _("malware sample, deleted %(day)s") % {"day": day(file.removed_at)}
        return f'<span class="file--gone">{icon("trash", size="sm")}{name}, {gone}</span>'
    mark = "virus" if getattr(file, "is_sample", False) else "paperclip"
    words = _("%(size)s, malware sample") % {"size": size} if mark == "virus" else size
    return f'<a href="{escape(file.url)}">{icon(mark, size="sm")}{name} <span>{words}</span></a>'


def _facts(file: Any) -> str:
    known = getattr(file, "scan_words", "")
    sha256 = escape(getattr(file, "sha256", ""))
    digest = _("worked out soon")
    if sha256:
        copy = _("Copy the SHA-256 of %(name)s") % {"name": escape(file.name)}
        digest = (
            f'<span class="mono" title="{sha256}">{sha256[:12]}…</span>'
            f'<button class="btn btn-ghost btn-icon btn-sm" type="button" data-copy="{sha256}" '
            f'aria-label="{copy}">'
            f"{icon('copy', size='sm')}</button>"
        )
    return f'<p class="tiny muted mb-0">{escape(known)}. SHA-256 {digest}</p>' if known else ""
