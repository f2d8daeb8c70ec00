"""Whether somebody may still read what they were told: asked again when a mail goes out.

A mail may wait a night for its digest, and its reader may have left the company since. Each app
says for its own threads who reads them (the setting NOTICE_SIGHTS); this app knows neither tickets
nor customers.
"""

from collections.abc import Callable, Collection
from functools import cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import User
from notifications.models import Notice

# Given a person and the keys of threads ("20418"), returns those the person may read.
type Sight = Callable[[User, Collection[str]], Collection[str]]


def still_readable(notices: Collection[Notice], reader: User) -> list[Notice]:
    """Return the notices the person may read now; what nobody asks about stays readable."""
    keys: dict[str, set[str]] = {}
    for notice in notices:
        word, _, key = notice.thread.partition(":")
        if word in settings.NOTICE_SIGHTS:
            keys.setdefault(word, set()).add(key)
    hidden = {
        f"{word}:{key}"
        for word, asked in keys.items()
        for key in asked - set(_sight(word)(reader, asked))
    }
    return [notice for notice in notices if notice.thread not in hidden]


@cache
def _sight(word: str) -> Sight:
    return cast("Sight", import_string(settings.NOTICE_SIGHTS[word]))
