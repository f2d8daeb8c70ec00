"""What every page gets: the vendor's words, the navigation, the reader's unread notices."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.kept_text import kept_for_page
from accounts.models import User
from notifications.models import Notice
from supportportal import shortcuts
from supportportal.navigation import navigation


def portal(request: HttpRequest) -> dict[str, Any]:
    """Give a page the vendor's name, its phone line, the navigation and what is waiting."""
    return {
        "vendor_name": settings.VENDOR_NAME,
        "phone_line": settings.PHONE_LINE,
        "phone_href": phone_href(settings.PHONE_LINE),
        "nav": SimpleLazyObject(lambda: navigation(request)),
        "shortcuts": partial(_of_reader, request, shortcuts.shortcuts),
        "shortcut_places": partial(_of_reader, request, shortcuts.places),
        "unread_notices": SimpleLazyObject(lambda: unread_notices(request)),
        "kept": cache(lambda: kept_text(request)),
        "attachment_max_bytes": settings.ATTACHMENT_MAX_BYTES,
        "attachment_max_count": settings.ATTACHMENT_MAX_COUNT,
        "upload_max_bytes": settings.UPLOAD_MAX_BYTES,
    }


def phone_href(phone: str) -> str:
    """Write a phone number as a link: digits and the leading plus only."""
    return "tel:" + "".join(sign for sign in phone if sign.isdigit() or sign == "+")


def _of_reader[Told](request: HttpRequest, tell: Callable[[User], Told]) -> Told | None:
    user = getattr(request, "user", None)
    return None if user is None or not user.is_authenticated else tell(user)


def kept_text(request: HttpRequest) -> dict[str, Any] | None:
    """Return what the reader had typed on this page, as portal.js wants it: action and fields."""
    kept = kept_for_page(request)
    return {name: kept[name] for name in ("action", "at", "fields")} if kept else None


def unread_notices(request: HttpRequest) -> int:
    """Count the notices the reader has not opened; known with the reader, else one query."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return 0
    if user.unread_notices is not None:
        return int(user.unread_notices)
    return Notice.objects.visible_to(user).unread().count()
