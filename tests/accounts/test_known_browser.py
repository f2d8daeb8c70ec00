"""Strangers guess at an address; its owner still gets in."""

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.known_browser import COOKIE
from accounts.models import User

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    cache.clear()


@pytest.fixture
def known(contact: User) -> User:
    contact.set_password(PASSWORD)
    contact.save()
    return contact


def gets_in(browser: Client, user: User, password: str = PASSWORD, *, address: str) -> bool:
    answer = browser.post(LOGIN, {"login": user.email, "password": password}, REMOTE_ADDR=address)
    return answer.status_code == 302


def use_up_the_tries(user: User) -> None:
    for number in range(6):
        assert not gets_in(Client(), user, "a guess", address=f"203.0.113.{number}")


def test_strangers_lock_an_address_for_new_browsers_only(known: User) -> None:
    own = Client()
    assert gets_in(own, known, address="198.51.100.1")
    own.post("/accounts/logout/")
    use_up_the_tries(known)
    assert not gets_in(Client(), known, address="198.51.100.2")
    assert gets_in(own, known, address="198.51.100.1")


def test_a_browser_is_known_for_its_own_person_only(known: User, colleague: User) -> None:
    own = Client()
    assert gets_in(own, known, address="198.51.100.1")
    own.post("/accounts/logout/")
    use_up_the_tries(colleague)
    colleague.set_password(PASSWORD)
    colleague.save()
    assert not gets_in(own, colleague, address="198.51.100.1")


def test_a_known_browser_has_no_more_tries_than_others(known: User) -> None:
    own = Client()
    assert gets_in(own, known, address="198.51.100.1")
    own.post("/accounts/logout/")
    for number in range(5):
        assert not gets_in(own, known, "a guess", address=f"203.0.113.{number}")
    assert not gets_in(own, known, address="198.51.100.1")


@pytest.mark.parametrize("forged", ["", "1:abc", "eyJ:1:sig"])
def test_a_made_up_cookie_counts_as_none(known: User, forged: str) -> None:
    browser = Client()
    browser.cookies[COOKIE] = forged
    use_up_the_tries(known)
    assert not gets_in(browser, known, address="198.51.100.1")
