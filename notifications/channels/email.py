"""What a mail says: one notice, or a digest of several grouped by what they are about."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext, ngettext

from accounts.languages import language_of
from notifications.models import Delivery, Notice

# A digest shows the newest; the portal has them all.
MOST_IN_A_DIGEST = 60


class Group(NamedTuple):
    """What a digest says of one ticket, the newest last."""

    title: str
    path: str
    promise: str
    lines: list["Line"]


class Line(NamedTuple):
    """One notice under the title of what it is about. An empty headline says no more than it."""

    notice: Notice
    headline: str


def make_mail(delivery: Delivery, notices: Sequence[Notice]) -> EmailMultiAlternatives:
    """Write the mail of a delivery with its notices, oldest first, in plain text and HTML.

    Times are the reader's. Raises: whatever a template raises.
    """
    reader = delivery.notice.recipient
    context = {
        "base_url": settings.BASE_URL,
        "vendor_name": settings.VENDOR_NAME,
        "phone_line": settings.PHONE_LINE,
        "choices_url": settings.BASE_URL + reverse("mail_preferences"),
        "reader": reader,
    }
    groups: list[Group] = []
    if len(notices) == 1:
        name = "notice"
        context |= {
            "notice": notices[0],
            "headline": headline(notices[0]),
            "offers": offers_of(notices[0]),
        }
    else:
        groups = group_by_thread(notices[-MOST_IN_A_DIGEST:])
        name = "digest"
        left_out = len(notices) - MOST_IN_A_DIGEST
        context |= {"groups": groups, "count": len(notices), "left_out": max(left_out, 0)}
    with timezone.override(ZoneInfo(reader.timezone)), translation.override(language_of(reader)):
        subject = _digest_subject(notices, groups) if groups else notices[0].subject
        text = render_to_string(f"emails/notifications/{name}.txt", context).strip() + "\n"
        html = render_to_string(f"emails/notifications/{name}.html", context)
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text,
        to=[delivery.address],
        headers=_headers(delivery, notices),
    )
    mail.attach_alternative(html, "text/html")
    return mail


def offers_of(notice: Notice) -> Sequence[tuple[str, str]]:
    """What a mail of this kind offers besides, each a label and an address.

    Made as the mail goes out: a signed address stands in no table. Each app says so for its own
    kinds (the setting NOTICE_OFFERS).
    """
    path = settings.NOTICE_OFFERS.get(notice.kind)
    return _offering(path)(notice) if path else []


@cache
def _offering(path: str) -> Callable[[Notice], Sequence[tuple[str, str]]]:
    return cast("Callable[[Notice], Sequence[tuple[str, str]]]", import_string(path))


def group_by_thread(notices: Sequence[Notice]) -> list[Group]:
    """Put notices of one thread together; the thread last written of comes last."""
    threads: dict[str, list[Notice]] = {}
    for notice in notices:
        # What belongs to no thread stands for itself.
        thread = notice.thread or f"notice:{notice.pk}"
        threads[thread] = [*threads.pop(thread, []), notice]
    return [
        Group(
            said[-1].title or said[-1].subject,
            said[-1].path,
            said[-1].promise,
            [Line(one, headline(one)) for one in said],
        )
        for said in threads.values()
    ]


def headline(notice: Notice) -> str:
    """Say what happened without what the title says already.

    "TK-7 Mara answered: Printers stopped" under "TK-7 Printers stopped" is "Mara answered".
    """
    reference, _, rest = notice.title.partition(" ")
    words = notice.subject
    if rest:
        words = words.removeprefix(reference).strip().removesuffix(rest).strip().removesuffix(":")
    elif words == notice.title:
        words = ""
    return words[:1].upper() + words[1:]


def _digest_subject(notices: Sequence[Notice], groups: Sequence[Group]) -> str:
    count = len(notices)
    if len(groups) == 1:
        said = ngettext("%(number)d notice: %(title)s", "%(number)d notices: %(title)s", count)
        return said % {"number": count, "title": groups[0].title}
    said = gettext("%(number)d notices on %(subjects)d subjects, last: %(title)s")
    return said % {"number": count, "subjects": len(groups), "title": groups[-1].title}


def _headers(delivery: Delivery, notices: Sequence[Notice]) -> dict[str, str]:
    headers = {
        "Message-ID": delivery.message_id,
        # RFC 3834, and what Exchange asks for: no vacation reply comes back.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    threads = {notice.thread for notice in notices}
    if len(threads) == 1 and (thread := threads.pop()):
        # No mail has this number: it only holds together what is said of one ticket.
        _, _, domain = delivery.message_id.strip("<>").rpartition("@")
        root = f"<{thread.replace(':', '.')}@{domain}>"
        headers |= {"In-Reply-To": root, "References": root}
    return headers
