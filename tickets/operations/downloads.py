"""Links that give out one file once, on a host where nobody is signed in (decisions, 0036)."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.models import User
from tickets.errors import LinkSpent
from tickets.models import Attachment, SpentLink
from tickets.operations.samples import fetch_sample, require_fetchable, wrapped
from tickets.permissions import can_fetch_samples

SALT = "tickets.downloads"
# A browser follows it at once; whoever finds it later in a history or a log finds nothing.
VALID_FOR = timedelta(seconds=60)
# Gigabytes on a slow line, broken off overnight.
GOES_ON_FOR = timedelta(days=1)


class Download(NamedTuple):
    """What a browser gets: bytes piece by piece, and the name they are saved under.

    `sha256` is of those bytes; empty when it is not known, as of a sample's ZIP.
    """

    content: Iterable[bytes]
    name: str
    size: int | None = None
    sha256: str = ""


def link_for(attachment: Attachment, *, by: User) -> str:
    """Sign a link for this person and this file; the row that ends it comes with its use.

    Raises: FileWithheld; NotAllowed, when it is a sample and they are not of the lab.
    """
    if not attachment.is_sample:
        require_fetchable(attachment)
    elif not can_fetch_samples(by):
        raise NotAllowed(_("Only lab analysts open malware samples."))
    said = [attachment.pk, by.pk, secrets.token_urlsafe(16)]
    token = signing.dumps(said, salt=SALT, compress=False)
    return f"{settings.DOWNLOAD_URL}{settings.DOWNLOAD_PATH}{token}/"


@transaction.atomic
def use_link(token: str, *, has: str = "", now: datetime | None = None) -> Download:
    """Give out the file of a link, this once; asked again is who sees it now.

    A download that broke off goes on by the same link for a day: `has` names the hash of the file
    that it has the beginning of, which whoever found only the link does not know.

    Raises: LinkSpent when it is no link of ours, used, too old, or its person sees the file no
    more; FileWithheld; FileNotFoundError. Effects: one SpentLink; for a sample one event. Of two
    uses at once one waits for the other, and finds the link spent.
    """
    moment = now or timezone.now()
    key, reader, nonce = _read(token, GOES_ON_FOR if has else VALID_FOR)
    is_first = False
    if _is_fresh(token):
        _link, is_first = SpentLink.objects.get_or_create(key=nonce, defaults={"spent_at": moment})
    elif not SpentLink.objects.filter(pk=nonce).exists():
        raise _spent()
    person = User.objects.active().filter(pk=reader).first()
    if person is None:
        raise _spent()
    visible = Attachment.objects.visible_to(person).select_related("ticket")
    attachment = visible.filter(pk=key).first()
    if attachment is None:
        raise _spent()
    if not is_first and (attachment.is_sample or not has or has != attachment.sha256):
        raise _spent()
    return open_file(attachment, by=person, now=moment)


def _read(token: str, max_age: timedelta) -> tuple[int, int, str]:
    """What a link says: which file, for whom, and its random part. Raises: LinkSpent."""
    try:
        key, reader, nonce = signing.loads(token, salt=SALT, max_age=max_age)
    except signing.BadSignature as error:
        raise _spent() from error
    return key, reader, nonce


def _is_fresh(token: str) -> bool:
    """Whether a link that can be read is young enough to be used for the first time."""
    try:
        signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except signing.SignatureExpired:
        return False
    return True


def forget_spent_links(*, now: datetime | None = None) -> int:
    """Delete the rows of links that nobody could use any more, and say how many."""
    # An hour more, so that no difference between the clocks of two machines brings one back.
    deleted, _each = SpentLink.objects.filter(
        spent_at__lte=(now or timezone.now()) - GOES_ON_FOR - timedelta(hours=1)
    ).delete()
    return deleted


def open_file(attachment: Attachment, *, by: User, now: datetime | None = None) -> Download:
    """Open a file that somebody sees; a sample comes in a ZIP, and on record.

    Raises: FileWithheld; NotAllowed; FileNotFoundError. Effects: for a sample one event.
    """
    if attachment.is_sample:
        path, name = fetch_sample(attachment, by=by, now=now), attachment.sha256 or "sample"
        return Download(wrapped(path, name, now or timezone.now()), f"{name}.zip")
    require_fetchable(attachment)
    file = attachment.file.open("rb")
    return Download(file, attachment.name, attachment.size, attachment.sha256)


def _spent() -> LinkSpent:
    return LinkSpent(
        _("This link is used up: it was good for one download. Download again from the ticket.")
    )
