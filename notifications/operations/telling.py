"""Telling people: outbox rows in the caller's transaction, sent after it commits."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.compiled import Compiled
from accounts.models import User
from accounts.new_rows import insert_rows
from notifications.choices import Reach
from notifications.kicks import Kick
from notifications.models import Delivery, Notice, Preferences
from notifications.routing import route_mail
from notifications.tasks import relay_deliveries
from notifications.topics import TOPICS, topic_of
from notifications.words import Words, said

logger = logging.getLogger(__name__)

_PREFERENCES = Compiled(lambda people: Preferences.objects.filter(user__in=people))


def _nothing(reader: User) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a notice is about. `promise` and `why` are sentences for one reader, in their zone.

    `title` is in the reader's words as well.

    `thread` is the same for everything told of one thing, "ticket:20418": it groups digests and
    threads mails, and its word before the colon names who may read it (notifications.sight).
    """

    thread: str = ""
    title: Words = ""
    promise: Callable[[User], str] = _nothing
    why: Callable[[User], str] = _nothing


@dataclass(frozen=True, slots=True)
class Telling:
    """What to tell to whom. `key` names the happening, as "ticket:20418:answered:77".

    `subject` and `body` are said to each reader in their own language (notifications.words).

    `urgent` mails at once whatever the person chose, by day and by night; `must_reach` mails even
    those who want none of the kind; `around_the_clock` passes quiet hours, and is for what a 24x7
    promise covers.
    """

    recipients: Sequence[User]
    key: str
    kind: str
    subject: Words
    body: Words
    path: str = ""
    urgent: bool = False
    must_reach: bool = False
    around_the_clock: bool = False
    matter: Matter = field(default_factory=Matter)


def notify(
    recipients: Iterable[User],
    *,
    key: str,
    kind: str,
    subject: Words,
    body: Words,
    path: str = "",
    urgent: bool = False,
    must_reach: bool = False,
    around_the_clock: bool = False,
    matter: Matter | None = None,
    now: datetime | None = None,
) -> list[Notice]:
    """Tell each person once, as notify_all."""
    telling = Telling(
        list(recipients),
        key,
        kind,
        subject,
        body,
        path,
        urgent,
        must_reach,
        around_the_clock,
        matter or Matter(),
    )
    return notify_all([telling], now=now)


@transaction.atomic(savepoint=False)
def notify_all(tellings: Iterable[Telling], *, now: datetime | None = None) -> list[Notice]:
    """Tell each person of each telling once: in the portal, and by e-mail as the person wants it.

    The same key never tells the same person twice. Inactive people are left out. The number of
    queries does not grow with the number of tellings.

    Returns the notices of those who were not told before. Effects: one Notice and one Delivery for
    each of them; the relay is kicked after commit, and its beat entry finds the rows when the kick
    is lost.
    """
    moment = now or timezone.now()
    wanted: dict[str, tuple[Notice, Telling]] = {}
    for telling in tellings:
        for notice in _notices(telling, moment):
            wanted.setdefault(notice.key, (notice, telling))
    if not wanted:
        return []
    # The unique keys drop whom somebody told before, or is telling in another transaction.
    fresh = insert_rows([notice for notice, _ in wanted.values()], unless_there="key")
    preferences = _preferences_of([notice.recipient for notice in fresh])
    deliveries = insert_rows(
        [
            _delivery(notice, wanted[notice.key][1], preferences[notice.recipient_id])
            for notice in fresh
        ],
        # The relay asks the database what is due: a caller's clock that is ahead delays no mail.
        by_database_clock=["next_try_at"],
    )
    if any(delivery.reach == Reach.EACH for delivery in deliveries):
        _kick_relay_after_commit()
    return fresh


def _notices(telling: Telling, moment: datetime) -> list[Notice]:
    people = {user.pk: user for user in telling.recipients if user.is_active}
    matter, why = telling.matter, TOPICS[topic_of(telling.kind)].why
    return [
        Notice(
            recipient=user,
            key=f"{telling.key}:{user.pk}",
            kind=telling.kind,
            subject=said(telling.subject, user)[:250],
            body=said(telling.body, user),
            path=telling.path,
            thread=matter.thread,
            title=said(matter.title, user)[:250],
            promise=matter.promise(user)[:300],
            why=(matter.why(user) or why)[:200],
            urgent=telling.urgent,
            created_at=moment,
        )
        for _, user in sorted(people.items())
    ]


def _preferences_of(people: list[User]) -> dict[int, Preferences]:
    """Each person's choices, the defaults for who has chosen nothing; one query for all."""
    found = {user.pk: Preferences(user=user) for user in people}
    if not found:
        return found
    for one in _PREFERENCES.all(sorted(found)):
        # The person as the caller has them: no query for the zone.
        one.user = found[one.user_id].user
        found[one.user_id] = one
    return found


def _delivery(notice: Notice, telling: Telling, preferences: Preferences) -> Delivery:
    route = route_mail(
        preferences,
        topic_of(notice.kind),
        urgent=telling.urgent,
        must_reach=telling.must_reach,
        around_the_clock=telling.around_the_clock,
        now=notice.created_at,
    )
    return Delivery(
        notice=notice,
        address=notice.recipient.email,
        message_id=f"<notice.{notice.pk}@{mail_domain()}>",
        reach=route.reach,
        held_until=route.held_until,
        next_try_at=notice.created_at if route.reach == Reach.EACH else None,
    )


def mail_domain() -> str:
    """Name the portal in the numbers of its mails."""
    return urlsplit(settings.BASE_URL).hostname or "portal"


def _kick_relay_after_commit() -> None:
    """Kick once a transaction: a hundred notices of one change need one relay."""
    waiting = transaction.get_connection().run_on_commit
    if not any(function is _kick_relay for _, function, *_ in waiting):
        transaction.on_commit(_kick_relay)


def _start_relay() -> None:
    try:
        relay_deliveries.delay()
    except OperationalError:
        logger.warning("The broker is away; the relay's own interval sends the mail.")


_kick_relay = Kick(_start_relay)
