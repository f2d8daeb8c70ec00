"""Making digests: what was held for a person becomes one mail when its time has come.

One delivery of those waiting sends the mail, the others are carried by it; each is claimed under
row locks, so that two relays never put one notice into two digests.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from notifications.models import Delivery

# People at a time, so that no transaction holds the rows of a whole company.
BATCH = 100


def gather_digests(now: datetime) -> int:
    """Put what was held until `now` on its way, one mail a person, and say how many mails.

    A single notice becomes an ordinary mail. Effects: the Deliveries.
    """
    gathered = 0
    while people := _gather_some(now):
        gathered += people
    return gathered


@transaction.atomic
def _gather_some(now: datetime) -> int:
    waiting = Delivery.objects.held().filter(held_until__lte=now).values("notice__recipient")
    # The person's row is the lock: another relay passes by, and never makes a second digest of
    # what lies beside this one.
    people = list(
        User.objects.filter(pk__in=waiting)
        .select_for_update(no_key=True, skip_locked=True)
        .order_by("pk")
        .values_list("pk", flat=True)[:BATCH]
    )
    return sum(_gather(person, now) for person in people)


def _gather(person: int, now: datetime) -> int:
    held = list(
        Delivery.objects.held()
        .filter(held_until__lte=now, notice__recipient=person)
        .select_for_update(of=("self",))
        .order_by("notice__created_at", "pk")
        .values_list("pk", flat=True)
    )
    if not held:
        return 0
    first, *others = held
    Delivery.objects.filter(pk__in=others).update(held_until=None, carried_by=first)
    Delivery.objects.filter(pk=first).update(held_until=None, next_try_at=now)
    return 1
