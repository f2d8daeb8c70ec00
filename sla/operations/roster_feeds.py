"""Secret addresses that give a calendar program one person's shifts."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.operations import record_change
from sla.models import RosterFeed
from sla.operations.shifts import lock_people
from sla.permissions import can_read_roster, can_revoke_feed


@transaction.atomic
def make_roster_feed(*, by: User, now: datetime | None = None) -> tuple[RosterFeed, str]:
    """Make the person's own feed and return it with its secret, which is never shown again.

    A feed made before ends with it. Raises: NotAllowed. Effects: RosterFeeds, one audit row for
    the new and one for the old.
    """
    moment = now or timezone.now()
    if not can_read_roster(by):
        raise NotAllowed("Only people on our side have shifts.")
    lock_people([by])
    for old in RosterFeed.objects.filter(person=by, revoked_at__isnull=True):
        revoke_roster_feed(old, by=by, now=moment)
    secret = RosterFeed.new_secret()
    feed = RosterFeed.objects.create(
        person=by, digest=RosterFeed.digest_of(secret), created_at=moment
    )
    record_change("roster feed made", feed, by=by, now=moment)
    return feed, secret


@transaction.atomic
def revoke_roster_feed(feed: RosterFeed, *, by: User, now: datetime | None = None) -> RosterFeed:
    """End a feed at once. Raises: NotAllowed. Effects: the RosterFeed, one audit row."""
    moment = now or timezone.now()
    if not can_revoke_feed(by, feed):
        raise NotAllowed("This feed belongs to somebody else.")
    feed = RosterFeed.objects.select_for_update().get(pk=feed.pk)
    if feed.revoked_at is None:
        feed.revoked_at = moment
        feed.save(update_fields=["revoked_at"])
        record_change("roster feed revoked", feed, by=by, now=moment)
    return feed
