"""Announcements: written, said more on, ended, and acknowledged by those who read them."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from announcements.audience import Concern
from announcements.choices import Audience, Kind, Level
from announcements.models import Announcement, AnnouncementReading, AnnouncementUpdate
from announcements.notices import tell_of_announcement, tell_of_update
from announcements.permissions import can_announce
from tickets.models import Outbreak
from tickets.permissions import sees_outbreaks

# What each audience must be named by.
NAMED_BY = {
    Audience.PLANS: ("plans", "Choose at least one plan."),
    Audience.PRODUCTS: ("products", "Choose at least one product."),
    Audience.CHOSEN: ("customers", "Choose at least one customer."),
}


class HasEnded(DomainError):
    """The announcement has ended."""


class HasChanged(DomainError):
    """Somebody changed the announcement meanwhile."""


@dataclass(frozen=True, slots=True)
class Words:
    """What an announcement says."""

    kind: Kind
    level: Level
    title: str
    body: str

    def stripped(self) -> "Words":
        """Without what stands empty around them."""
        return replace(self, title=self.title.strip(), body=self.body.strip())


@transaction.atomic
def announce(
    words: Words,
    concern: Concern,
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    is_mailed: bool = False,
    outbreak: Outbreak | None = None,
    by: User,
    now: datetime | None = None,
) -> Announcement:
    """Announce something from `starts_at` (None: now) until `ends_at` (None: until it is ended).

    Raises: NotAllowed, InvalidInput. Effects: the Announcement, an audit row; when it begins now
    and is mailed, a notice for each person concerned, else at its beginning (mail_due).
    """
    moment = now or timezone.now()
    _require_announcer(by)
    begins = starts_at or moment
    _check_words(words)
    if (named := NAMED_BY.get(concern.audience)) and not getattr(concern, named[0]):
        raise InvalidInput(named[1], field=named[0])
    if ends_at is not None and ends_at <= begins:
        raise InvalidInput("It ends after it begins.", field="ends_at")
    if outbreak is not None and not sees_outbreaks(by):
        raise NotAllowed("Outbreaks are for those who see all tickets.")
    announcement = Announcement.objects.create(
        **asdict(words.stripped()),
        audience=concern.audience,
        outbreak=outbreak,
        starts_at=begins,
        ends_at=ends_at,
        is_mailed=is_mailed,
        written_by=by,
        written_at=moment,
    )
    if named:
        getattr(announcement, named[0]).set(getattr(concern, named[0]))
    record_change("announced", announcement, by=by, now=moment)
    if is_mailed and begins <= moment:
        _mail(announcement, moment)
    return announcement


@transaction.atomic
def change_announcement(
    announcement: Announcement, words: Words, *, seen: int, by: User, now: datetime | None = None
) -> Announcement:
    """Correct what it says; its page then says that it was changed.

    `seen` is the revision the words go back to. Who acknowledged it sees no banner again, and
    nobody is mailed: what is news goes out as an update. The same words change nothing.
    Raises: NotAllowed, InvalidInput; HasEnded; HasChanged. Effects: the Announcement, an audit row.
    """
    moment = now or timezone.now()
    _require_announcer(by)
    _check_words(words)
    announcement = _lock_open(announcement, moment)
    if announcement.revision != seen:
        raise HasChanged("Somebody changed it meanwhile. Compare with its page, then save again.")
    changes = {
        name: [getattr(announcement, name), after]
        for name, after in asdict(words.stripped()).items()
        if getattr(announcement, name) != after
    }
    if changes:
        for name, (_before, after) in changes.items():
            setattr(announcement, name, after)
        announcement.changed_at = moment
        announcement.revision += 1
        announcement.save(update_fields=[*changes, "changed_at", "revision"])
        record_change("announcement changed", announcement, by=by, changes=changes, now=moment)
    return announcement


@transaction.atomic
def update_announcement(
    announcement: Announcement,
    *,
    body: str,
    is_mailed: bool = False,
    by: User,
    now: datetime | None = None,
) -> AnnouncementUpdate:
    """Say what is new; who acknowledged the announcement sees its banner again.

    Raises: NotAllowed, InvalidInput; HasEnded. Effects: an AnnouncementUpdate, an audit row, the
    readings are gone; notices when it is mailed.
    """
    return _add_update(announcement, body=body, is_end=False, is_mailed=is_mailed, by=by, now=now)


@transaction.atomic
def end_announcement(
    announcement: Announcement,
    *,
    body: str,
    is_mailed: bool = False,
    by: User,
    now: datetime | None = None,
) -> AnnouncementUpdate:
    """End it, saying how: it leaves the banners and stays on the page of all.

    Before it has begun that calls it off: only staff see that it ever was.
    Raises: as update_announcement. Effects: as there, and the announcement's end.
    """
    return _add_update(announcement, body=body, is_end=True, is_mailed=is_mailed, by=by, now=now)


@transaction.atomic
def acknowledge_announcement(
    announcement: Announcement, *, by: User, now: datetime | None = None
) -> None:
    """Take the banner away for one person. The caller fetched it through visible_to.

    Effects: one AnnouncementReading, once; no audit row, it changes nothing for others.
    """
    AnnouncementReading.objects.get_or_create(
        announcement=announcement, reader=by, defaults={"at": now or timezone.now()}
    )


def mail_due_announcements(*, now: datetime | None = None) -> int:
    """Mail what has begun since it was written, and say how many announcements.

    Each in a transaction of its own; two at once mail nobody twice. Effects: as announce.
    """
    moment = now or timezone.now()
    waiting = Announcement.objects.filter(
        is_mailed=True, mailed_at__isnull=True, starts_at__lte=moment
    )
    mailed = 0
    for key in list(waiting.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            locked = waiting.select_for_update(of=("self",), skip_locked=True).filter(pk=key)
            announcement = locked.first()
            if announcement is not None:
                # What was ended before it began is nobody's news.
                if announcement.has_ended(moment):
                    announcement.mailed_at = moment
                    announcement.save(update_fields=["mailed_at"])
                else:
                    _mail(announcement, moment)
                    mailed += 1
    return mailed


def _mail(announcement: Announcement, moment: datetime) -> None:
    tell_of_announcement(announcement, now=moment)
    announcement.mailed_at = moment
    announcement.save(update_fields=["mailed_at"])


def _add_update(
    announcement: Announcement,
    *,
    body: str,
    is_end: bool,
    is_mailed: bool,
    by: User,
    now: datetime | None,
) -> AnnouncementUpdate:
    moment = now or timezone.now()
    _require_announcer(by)
    if not body.strip():
        raise InvalidInput("Say what is new.", field="body")
    announcement = _lock_open(announcement, moment)
    update = AnnouncementUpdate.objects.create(
        announcement=announcement, body=body.strip(), is_end=is_end, by=by, at=moment
    )
    if is_end:
        announcement.ends_at = max(moment, announcement.starts_at)
        announcement.save(update_fields=["ends_at"])
    else:
        announcement.readings.all().delete()
    record_change(
        "announcement ended" if is_end else "announcement updated", announcement, by=by, now=moment
    )
    if is_mailed and announcement.starts_at <= moment:
        tell_of_update(update, now=moment)
    return update


def _require_announcer(by: User) -> None:
    if not can_announce(by):
        raise NotAllowed("Duty leads, support managers and administrators announce.")


def _lock_open(announcement: Announcement, now: datetime) -> Announcement:
    locked = Announcement.objects.select_for_update(of=("self",)).get(pk=announcement.pk)
    if locked.has_ended(now):
        raise HasEnded("It has ended.")
    return locked


def _check_words(words: Words) -> None:
    if not words.title.strip():
        raise InvalidInput("Give it a title.", field="title")
    if not words.body.strip():
        raise InvalidInput("Say what concerns them.", field="body")
