"""Telling the portal which build of the anti-virus databases is the latest."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from tickets.models import DatabaseBuild
from tickets.permissions import can_publish_builds


@transaction.atomic
def publish_build(
    label: str, *, by: User, published_at: datetime | None = None, now: datetime | None = None
) -> DatabaseBuild:
    """Name the build that was published: from then on a release is asked for against this one.

    Raises: NotAllowed, InvalidInput. Effects: one DatabaseBuild, one audit row.
    """
    moment = now or timezone.now()
    if not can_publish_builds(by):
        raise NotAllowed("Only lab analysts and administrators tell of builds.")
    tidy = label.strip()
    if not tidy or len(tidy) > 40:
        raise InvalidInput("Write the build as the products show it.", field="label")
    if DatabaseBuild.objects.filter(label__iexact=tidy).exists():
        raise InvalidInput("This build is known already.", field="label")
    at = published_at or moment
    if at > moment:
        raise InvalidInput("Give a time that has passed.", field="published_at")
    build = DatabaseBuild.objects.create(label=tidy, published_at=at, told_by=by)
    record_change("database build published", build, by=by, now=moment)
    return build
