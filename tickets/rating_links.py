"""Links in mails with which somebody says how a ticket went, without signing in.

A link names a ticket and a person, signed with the portal's own key and good for as long as the
ticket may be rated. It opens a form with the answer chosen; only sending the form says anything,
because mail programs follow links by themselves.
"""

from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import User
from notifications.models import Notice
from tickets.choices import Score
from tickets.models import Ticket
from tickets.operations.rating import RATED_WITHIN

SALT = "tickets.rating"


class Offer(NamedTuple):
    """A button of a mail."""

    label: str
    url: str


def rating_token(ticket: Ticket, reader: User) -> str:
    """Sign who may rate which ticket."""
    return signing.dumps({"ticket": ticket.number, "person": reader.pk}, salt=SALT, compress=False)


def read_rating_token(token: str) -> tuple[Ticket, User] | None:
    """Return the ticket and the person a link is for; None for what is no link of ours.

    Also None for somebody who may no longer see the ticket, or has been shut out.
    """
    try:
        said = signing.loads(token, salt=SALT, max_age=RATED_WITHIN)
    except signing.BadSignature:
        return None
    person = User.objects.active().filter(pk=said["person"]).first()
    if person is None:
        return None
    ticket = Ticket.objects.visible_to(person).with_clock().filter(number=said["ticket"]).first()
    return None if ticket is None else (ticket, person)


def offers_of(notice: Notice) -> list[Offer]:
    """What the mail of a solved ticket asks its customer's people (the setting NOTICE_OFFERS)."""
    reader = notice.recipient
    _, _, number = notice.thread.partition(":")
    ticket = Ticket.objects.visible_to(reader).filter(number=int(number)).first()
    if ticket is None or reader.is_staff_member:
        return []
    address = settings.BASE_URL + reverse("rating_by_mail", args=[rating_token(ticket, reader)])
    return [Offer(str(score.label), f"{address}?score={score.value}") for score in reversed(Score)]
