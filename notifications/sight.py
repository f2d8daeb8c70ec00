"""Whether somebody may still read what they were told: asked again whenever it is shown or mailed.

Its reader may have left the company since. Each app says for its own threads who reads them (the
setting NOTICE_SIGHTS); this app knows neither tickets nor customers.
"""

from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import User
from notifications.models import Notice
from notifications.models.notice import NoticeQuerySet

# Given a person and the keys of threads ("20418"), returns those the person may read.
type Sight = Callable[[User, Collection[str]], Collection[str]]


def still_readable(notices: Collection[Notice], reader: User) -> list[Notice]:
    """Return the notices the person may read now; what nobody asks about stays readable."""
    hidden = hidden_threads({notice.thread for notice in notices}, reader)
    return [notice for notice in notices if notice.thread not in hidden]


def readable_notices(reader: User) -> NoticeQuerySet:
    """A person's own notices that they may read now; a query for their threads, one for each word.

    For lists: what is left out leaves no gap in them.
    """
    own = Notice.objects.visible_to(reader)
    hidden = hidden_threads(own.threads(), reader)
    return own.exclude(thread__in=hidden) if hidden else own


def hidden_threads(threads: Iterable[str], reader: User) -> set[str]:
    """Name those of the threads that the person may not read now; a query for each word."""
    keys: dict[str, set[str]] = {}
    for thread in threads:
        word, _, key = thread.partition(":")
        if word in settings.NOTICE_SIGHTS:
            keys.setdefault(word, set()).add(key)
    return {
        f"{word}:{key}"
        for word, asked in keys.items()
        for key in asked - set(_sight(word)(reader, asked))
    }


@cache
def _sight(word: str) -> Sight:
    return cast("Sight", import_string(settings.NOTICE_SIGHTS[word]))
