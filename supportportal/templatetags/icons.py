"""Icons drawn into the page: no request each, and they take the colour of their text."""

import re
from functools import cache

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_ICON_NAME = re.compile(r"[a-z0-9-]+")


@register.simple_tag
@cache
def icon(name: str, size: str = "", css: str = "") -> SafeString:
    """Draw one Tabler icon inline, hidden from assistive technology; size is "", "sm" or "lg".

    Raises: FileNotFoundError when static/vendor/tabler-icons/ has no such icon.
    """
    classes = " ".join(filter(None, ("icon", f"icon--{size}" if size else "", css)))
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        classes,
        _icon_paths(name),
    )


@cache
def _icon_paths(name: str) -> SafeString:
    folder = settings.BASE_DIR / "static" / "vendor" / "tabler-icons"
    if not _ICON_NAME.fullmatch(name):
        raise FileNotFoundError(f"{name!r} is not the name of an icon")
    drawing = (folder / f"{name}.svg").read_text(encoding="utf-8")
    # Our own vendored file; its first path is an invisible box.
    shapes = re.findall(r"<(?:path|circle|rect|line)\b[^>]*/>", drawing)
    return SafeString("".join(shape for shape in shapes if "M0 0h24v24H0z" not in shape))
