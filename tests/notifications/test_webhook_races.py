"""Two people add a webhook at the same instant, on two connections; and past the operations."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction

from accounts.choices import Role
from accounts.models import User
from notifications.models import Webhook
from notifications.operations.webhooks import TooManyWebhooks, add_webhook
from notifications.webhook_events import STAFF
from tests.factories import entitlements as people
from tests.racing import race, refusals

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _programs_beside_us(settings: LazySettings) -> None:
    settings.WEBHOOKS_MAY_STAY_INSIDE = True


def adding(by: User, number: int) -> Callable[[], object]:
    return lambda: add_webhook(
        owner=STAFF,
        name=f"Program {number}",
        url=f"https://127.0.0.1/{number}",
        events=["page"],
        by=by,
    )


@pytest.mark.parametrize("_", range(5))
def test_the_eleventh_webhook_is_refused_whoever_comes_first(_: int) -> None:
    administrator = people.make_staff_member("Ada Moreno", Role.ADMINISTRATOR)
    for number in range(8):
        adding(administrator, number)()

    outcomes = race(*(adding(administrator, number) for number in range(100, 104)))

    assert len(refusals(outcomes, TooManyWebhooks)) == 2
    assert sorted(Webhook.objects.values_list("place", flat=True)) == list(range(1, 11))


def test_a_place_given_back_is_taken_again() -> None:
    administrator = people.make_staff_member("Ada Moreno", Role.ADMINISTRATOR)
    for number in range(10):
        adding(administrator, number)()
    Webhook.objects.filter(place=4).delete()

    adding(administrator, 11)()

    assert Webhook.objects.get(url__endswith="/11").place == 4


def test_the_database_refuses_the_eleventh_by_itself() -> None:
    administrator = people.make_staff_member("Ada Moreno", Role.ADMINISTRATOR)
    for place, wrong in ((0, True), (1, False), (1, True), (11, True)):
        webhook = Webhook(
            owner=STAFF,
            place=place,
            name="Program",
            url=f"https://127.0.0.1/{place}/{wrong}",
            events=["page"],
            sealed_secret="-",
            created_by=administrator,
        )
        if not wrong:
            webhook.save()
            continue
        with pytest.raises(IntegrityError), transaction.atomic():
            webhook.save()
