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


class Download(NamedTuple):
    """What a browser gets: bytes piece by piece, and the name they are saved under."""

    content: Iterable[bytes]
    name: str
    size: int | None


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
def use_link(token: str, *, now: datetime | None = None) -> Download:
    """Give out the file of a link, this once; asked again is who sees it now.

    Raises: LinkSpent when it is no link of ours, used, too old, or its person sees the file no
    more; FileWithheld; FileNotFoundError. Effects: one SpentLink; for a sample one event. Of two
    uses at once one waits for the other, and finds the link spent.
    """
    moment = now or timezone.now()
    try:
        key, reader, nonce = signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature as error:
        raise _spent() from error
    _link, is_first = SpentLink.objects.get_or_create(key=nonce, defaults={"spent_at": moment})
    person = User.objects.active().filter(pk=reader).first()
    if not is_first or person is None:
        raise _spent()
    visible = Attachment.objects.visible_to(person).select_related("ticket")
    attachment = visible.filter(pk=key).first()
    if attachment is None:
        raise _spent()
    return open_file(attachment, by=person, now=moment)


def forget_spent_links(*, now: datetime | None = None) -> int:
    """Delete the rows of links that nobody could use any more, and say how many."""
    # Twice, so that no difference between the clocks of two machines brings one back.
    deleted, _each = SpentLink.objects.filter(
        spent_at__lte=(now or timezone.now()) - 2 * VALID_FOR - timedelta(hours=1)
    ).delete()
    return deleted


def open_file(attachment: Attachment, *, by: User, now: datetime | None = None) -> Download:
    """Open a file that somebody sees; a sample comes in a ZIP, and on record.

    Raises: FileWithheld; NotAllowed; FileNotFoundError. Effects: for a sample one event.
    """
    if attachment.is_sample:
        path, name = fetch_sample(attachment, by=by, now=now), attachment.sha256 or "sample"
        return Download(wrapped(path, name, now or timezone.now()), f"{name}.zip", None)
    require_fetchable(attachment)
    return Download(attachment.file.open("rb"), attachment.name, attachment.size)


def _spent() -> LinkSpent:
    return LinkSpent(
        _("This link is used up: it was good for one download. Download again from the ticket.")
    )
