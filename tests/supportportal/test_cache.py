"""Pages and counters while Valkey is away."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.test import Client

from accounts.models import User
from supportportal.cache import PatientRedisCache

AWAY = {
    "default": {
        "BACKEND": "supportportal.cache.PatientRedisCache",
        "LOCATION": "unix:///nowhere/valkey.sock",
    }
}


@pytest.fixture
def away(settings: Any) -> Iterator[PatientRedisCache]:
    settings.CACHES = AWAY
    stand_in = caches["default"]
    assert isinstance(stand_in, PatientRedisCache)
    stand_in.stand_in.clear()
    yield stand_in
    stand_in.stand_in.clear()


def test_counting_goes_on_in_the_process_itself(away: PatientRedisCache) -> None:
    assert away.add("tries", 0, 60)
    assert [away.incr("tries") for _ in range(3)] == [1, 2, 3]
    assert away.get("tries") == 3
    assert not away.add("tries", 0, 60)
    assert away.count("tries", 60) == 4
    assert away.delete("tries")
    assert [away.count("tries", 60) for _ in range(2)] == [1, 2]
    assert away.delete("tries")
    assert away.get_many(["tries"]) == {}


def test_with_valkey_the_answers_are_its_own() -> None:
    cache.set("here", 1, 5)

    assert cache.get("here") == 1
    assert isinstance(caches["default"], PatientRedisCache)
    assert caches["default"].stand_in.get("here") is None
    cache.delete("here")


@pytest.mark.django_db
def test_people_sign_in_and_read_while_valkey_is_away(
    away: PatientRedisCache, contact: User, client: Client
) -> None:
    contact.set_password("a long enough password")
    contact.save()

    assert client.get("/accounts/login/").status_code == 200
    signed_in = client.post(
        "/accounts/login/", {"login": contact.email, "password": "a long enough password"}
    )

    assert signed_in.status_code == 302
    assert client.get(signed_in["Location"], follow=True).status_code == 200


@pytest.mark.django_db
def test_guessing_is_throttled_while_valkey_is_away(
    away: PatientRedisCache, contact: User, client: Client
) -> None:
    statuses = [
        client.post("/accounts/login/", {"login": contact.email, "password": f"guess {number}"})
        for number in range(12)
    ]

    assert any(answer.status_code == 429 or b"Too many" in answer.content for answer in statuses)
