from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.core.cache import cache
from redis import Redis

from accounts.rate_limit import is_within_limit


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    cache.clear()


def attempt(address: str = "203.0.113.7", what: str = "try") -> bool:
    return is_within_limit(what, address, limit=3, seconds=60)


def test_the_limit_is_let_through_and_one_more_is_not():
    assert [attempt() for _ in range(5)] == [True, True, True, False, False]


def test_addresses_and_subjects_are_counted_apart():
    for _ in range(4):
        attempt()
    assert attempt("203.0.113.8")
    assert attempt(what="other")


def test_an_emptied_cache_counts_anew():
    for _ in range(4):
        attempt()
    cache.clear()
    assert attempt()


def test_a_window_is_not_made_longer_by_what_comes_meanwhile():
    assert attempt()
    left = milliseconds_left("try", "203.0.113.7")
    assert 0 < left <= 60_000
    cache.touch("attempts:try:203.0.113.7", 30)

    assert attempt()
    assert 0 < milliseconds_left("try", "203.0.113.7") <= 30_000


def test_a_counter_without_an_end_is_given_one():
    cache.set("attempts:try:203.0.113.7", 3, timeout=None)
    assert milliseconds_left("try", "203.0.113.7") < 0

    assert not attempt()
    assert 0 < milliseconds_left("try", "203.0.113.7") <= 60_000


def milliseconds_left(what: str, address: str) -> int:
    """Until the counter ends, as Valkey tells it; below zero for one that never does."""
    key = cache.make_key(f"attempts:{what}:{address}")
    client: Redis = Redis.from_url(settings.REDIS_URL)
    return int(client.pttl(key))


def test_attempts_at_once_are_all_counted():
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: attempt(), range(40)))
    assert outcomes.count(True) == 3
