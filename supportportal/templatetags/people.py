"""People as round initials."""

import re
from functools import lru_cache
from typing import Protocol

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


class Person(Protocol):
    """Whoever has a name or at least an address."""

    email: str

    def get_full_name(self) -> str: ...


@register.simple_tag
def avatar(person: Person | None, size: str = "", *, named: bool = False) -> SafeString:
    """Draw a person's initials; named says the name too, where no text beside it does."""
    if person is None:
        size_class = f" avatar--{size}" if size else ""
        return format_html(
            '<span class="avatar avatar--empty{}" aria-hidden="true"></span>', size_class
        )
    name = person.get_full_name() or person.email
    is_us = bool(getattr(person, "is_staff_member", False))
    return _drawn(name, size, is_us=is_us, named=named)


def named_avatar(name: str, *, is_us: bool, size: str = "") -> SafeString:
    """As the tag, for somebody known by name alone, saying it."""
    return _drawn(name, size, is_us=is_us, named=True)


@lru_cache(maxsize=2048)
def _drawn(name: str, size: str, *, is_us: bool, named: bool) -> SafeString:
    attributes: SafeString = (
        format_html('role="img" aria-label="{}" title="{}"', name, name)
        if named
        else SafeString('aria-hidden="true"')
    )
    return format_html(
        '<span class="avatar{}{}" {}>{}</span>',
        " avatar--us" if is_us else "",
        f" avatar--{size}" if size else "",
        attributes,
        initials(name),
    )


def initials(name: str) -> str:
    """Take the first letters of the first and the last word of a name or an address."""
    words = [word for word in re.split(r"[\s._-]+", name.partition("@")[0]) if word]
    letters = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in letters).upper()
