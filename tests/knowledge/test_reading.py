"""Who reads which article, and how it is found."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from entitlements.models import Contract
from knowledge.models import Article
from knowledge.operations.publishing import retire_article
from knowledge.searching import articles_like, find_articles, mark_articles, products_of
from tests.factories.knowledge import make_article, make_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue", "tuesday")]

NOBODY = AnonymousUser()


def titles(found: Iterable[Article]) -> list[str]:
    return [str(article) for article in found]


@pytest.fixture
def shelf(catalogue: object, engineer: User) -> None:
    make_article("Of everybody")
    make_article("Of Business", plan_keys=("msa-business",))
    make_article("Of Enterprise", plan_keys=("msa-enterprise",))
    make_draft("Being written")
    retire_article(make_article("Retired"), because="", by=engineer)


@pytest.mark.usefixtures("shelf")
def test_an_article_of_a_plan_is_read_under_a_contract_in_force_only(
    contact: User, colleague: User, foreign_contact: User, contract: Contract
) -> None:
    def read_by(reader: User | AnonymousUser) -> set[str]:
        return set(titles(Article.objects.visible_to(reader)))

    assert read_by(NOBODY) == {"Of everybody"}
    assert read_by(contact) == read_by(colleague) == {"Of everybody", "Of Business"}
    assert read_by(foreign_contact) == {"Of everybody", "Of Enterprise"}
    contract.suspended_at = datetime(2026, 3, 1, tzinfo=UTC)
    contract.save()
    assert read_by(contact) == {"Of everybody"}


@pytest.mark.usefixtures("contract")
def test_the_first_and_the_last_day_of_a_contract_count_in_its_own_zone(contact: User) -> None:
    make_article("Of Business", plan_keys=("msa-business",))
    # The contract runs from 1 Jan to 31 Dec 2026 in New York, five hours behind UTC.
    first, last = datetime(2026, 1, 1, 5, tzinfo=UTC), datetime(2027, 1, 1, 4, 59, tzinfo=UTC)
    at = {
        now: Article.objects.visible_to(contact, now).exists()
        for now in (first.replace(hour=4), first, last, last.replace(hour=5, minute=0))
    }
    assert list(at.values()) == [False, True, True, False]


@pytest.mark.usefixtures("shelf")
def test_who_left_the_company_reads_no_more_than_anybody(contact: User) -> None:
    contact.memberships.update(left_at=datetime(2026, 3, 1, tzinfo=UTC))
    assert titles(Article.objects.visible_to(contact)) == ["Of everybody"]


@pytest.mark.usefixtures("shelf")
def test_staff_see_all_and_search_what_is_published(engineer: User, tam: User) -> None:
    assert Article.objects.visible_to(engineer).count() == 5
    assert Article.objects.visible_to(tam).count() == 5
    assert set(titles(find_articles("cache", reader=engineer))) == {
        "Of everybody",
        "Of Business",
        "Of Enterprise",
    }


def test_a_word_in_the_title_ranks_before_one_in_the_text() -> None:
    make_article("Slow printers", body="Nothing about it.", summary="Queue.")
    make_article("Other", body="Printers are named once here.", summary="Queue.")
    assert titles(find_articles("printer", reader=NOBODY)) == ["Slow printers", "Other"]
    assert titles(find_articles('printer -"named once"', reader=NOBODY)) == ["Slow printers"]
    assert titles(find_articles("nowhere", reader=NOBODY)) == []


def test_a_search_is_narrowed_to_a_product() -> None:
    make_article("One", products=("Endpoint Protection",))
    make_article("Two", products=("Management Server", "Mail Gateway"))
    assert titles(find_articles("", reader=NOBODY, product="Mail Gateway")) == ["Two"]
    assert products_of(NOBODY) == ["Endpoint Protection", "Mail Gateway", "Management Server"]


def test_marks_are_the_only_tags_of_a_found_text() -> None:
    make_article("<b>Cache</b>", body="A \x02cache\x03 <script>alert(1)</script> & what follows.")
    found = mark_articles(list(find_articles("cache", reader=NOBODY)), "cache")[0]
    assert found.title == "&lt;b&gt;<mark>Cache</mark>&lt;/b&gt;"
    assert "<mark>cache</mark>  alert(1)  &amp; what follows" in found.piece


def test_what_is_typed_while_filing_finds_articles_with_two_of_its_words() -> None:
    make_article()
    make_article("Agents", summary="About agents.", body="Only agents.")
    typed = "Our agents get old databases, the proxy may cache them"
    assert titles(articles_like(typed, user=NOBODY)) == ["A web cache keeps databases old"]
    assert titles(articles_like("agents", user=NOBODY)) == [
        "Agents",
        "A web cache keeps databases old",
    ]
    assert articles_like("a ! & | (", user=NOBODY) == []


def test_more_of_what_is_typed_says_more_than_one_word_written_often() -> None:
    make_article("The spooler", summary="Printing stops.", body="After an update of the agent.")
    make_article("Agent updates, updates of agents", body="Agent, update. " * 40)
    found = articles_like("Printing stopped after agent update", user=NOBODY)
    assert titles(found) == ["The spooler", "Agent updates, updates of agents"]


def test_what_is_typed_prefers_the_product_that_was_chosen() -> None:
    make_article("Old databases one", products=("Mail Gateway",))
    make_article("Old databases two", products=("Endpoint Protection",))
    typed = "databases are old"
    for product, first in (("Mail Gateway", "one"), ("Endpoint Protection", "two")):
        found = articles_like(typed, user=NOBODY, product=product)
        assert str(found[0]) == f"Old databases {first}"


@pytest.mark.usefixtures("shelf")
def test_what_is_offered_is_what_the_person_may_read(contact: User) -> None:
    offered = articles_like("databases in the web cache", user=contact, most=9)
    assert set(titles(offered)) == {"Of everybody", "Of Business"}


def test_offering_takes_two_queries(
    contact: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_article()
    with django_assert_max_num_queries(2):
        articles_like("old databases in the web cache", user=contact)
