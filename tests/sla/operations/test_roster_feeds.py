"""Feeds: one a person, a secret shown once, dead when revoked."""

import pytest

from accounts.errors import NotAllowed
from accounts.models import AuditEvent
from sla.models import RosterFeed
from sla.operations.roster_feeds import make_roster_feed, revoke_roster_feed
from tests.factories.roster import NOW

pytestmark = pytest.mark.django_db


def test_a_feed_keeps_only_the_hash_of_a_long_secret(engineer):
    feed, secret = make_roster_feed(by=engineer, now=NOW)

    # 32 random bytes are 43 characters of base64.
    assert len(secret) == 43
    assert secret not in feed.digest
    assert RosterFeed.objects.live().get().digest == RosterFeed.digest_of(secret)
    assert AuditEvent.objects.get(action="roster feed made").by == engineer


def test_a_new_feed_ends_the_old_one(engineer):
    old, _ = make_roster_feed(by=engineer, now=NOW)
    new, _ = make_roster_feed(by=engineer, now=NOW)

    assert RosterFeed.objects.live().get() == new
    old.refresh_from_db()
    assert old.revoked_at == NOW
    assert AuditEvent.objects.filter(action="roster feed revoked").count() == 1


def test_a_feed_is_revoked_once_by_its_person_or_an_administrator(engineer, analyst, administrator):
    feed, _ = make_roster_feed(by=engineer, now=NOW)

    with pytest.raises(NotAllowed):
        revoke_roster_feed(feed, by=analyst, now=NOW)
    assert RosterFeed.objects.live().exists()
    revoke_roster_feed(feed, by=administrator, now=NOW)
    revoke_roster_feed(feed, by=engineer, now=NOW)
    assert not RosterFeed.objects.live().exists()
    assert AuditEvent.objects.filter(action="roster feed revoked").count() == 1


def test_a_customer_has_no_feed(contact):
    with pytest.raises(NotAllowed):
        make_roster_feed(by=contact, now=NOW)
    assert not RosterFeed.objects.exists()
