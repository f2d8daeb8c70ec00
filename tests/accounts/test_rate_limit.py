import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache

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


def test_a_window_ends_when_it_was_to_and_not_later_for_what_came_meanwhile():
    assert [is_within_limit("try", "203.0.113.9", limit=1, seconds=1) for _ in range(2)] == [
        True,
        False,
    ]
    time.sleep(0.7)
    assert not is_within_limit("try", "203.0.113.9", limit=1, seconds=1)
    time.sleep(0.5)
    assert is_within_limit("try", "203.0.113.9", limit=1, seconds=1)


def test_a_counter_without_an_end_is_given_one():
    cache.set("attempts:try:203.0.113.10", 3, timeout=None)

    assert not is_within_limit("try", "203.0.113.10", limit=3, seconds=1)
    time.sleep(1.2)
    assert is_within_limit("try", "203.0.113.10", limit=3, seconds=1)


def test_attempts_at_once_are_all_counted():
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: attempt(), range(40)))
    assert outcomes.count(True) == 3
