"""The pages of articles: for visitors, customers, and those who write them."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from knowledge.models import Article, ArticleVote
from knowledge.operations.publishing import retire_article
from tests.factories.knowledge import WORDS, a_reviewer, a_writer, make_article, make_draft, publish
from tests.tickets.views.reading import words
from tickets.choices import TicketKind
from tickets.operations.articles import make_article_from
from tickets.operations.filing import file_ticket
from tickets.operations.lifecycle import resolve_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue", "tuesday")]

TYPED = {
    "title": "Cache",
    "summary": "A sentence.",
    "body": "# Head\n\nText.",
    "readers": "everybody",
    "revision": "0",
}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_visitor_searches_and_reads_public_articles(client: Client) -> None:
    article = make_article()
    make_article("Of Enterprise", plan_keys=("msa-enterprise",))
    page = words(client.get("/knowledge/"))
    assert article.text.title in page
    assert "Of Enterprise" not in page
    found = client.get("/knowledge/", {"q": "proxy"})
    assert "1 article" in words(found)
    assert "<mark>caching</mark>" in client.get("/knowledge/", {"q": "caching"}).text
    read = client.get(article.get_absolute_url())
    assert "<h2>What helps</h2>" in read.text
    assert "Version 1" in words(read)
    assert "Sign in" in words(read)
    assert "No article has these words" in words(client.get("/knowledge/", {"q": "nowhere"}))


def test_what_one_may_not_read_is_not_there(
    client: Client, contact: User, foreign_contact: User, engineer: User
) -> None:
    of_plan = make_article("Of Business", plan_keys=("msa-business",)).get_absolute_url()
    draft = make_draft("Draft").get_absolute_url()
    gone = retire_article(make_article("Gone"), because="", by=engineer).get_absolute_url()
    statuses = {
        address: [
            reader.get(address).status_code
            for reader in (client, signed_in(contact), signed_in(foreign_contact))
        ]
        for address in (of_plan, draft, gone)
    }
    assert statuses == {of_plan: [404, 200, 404], draft: [404] * 3, gone: [404] * 3}
    vote = signed_in(foreign_contact).post(f"{of_plan}vote/", {"helped": "yes"})
    assert vote.status_code == 404
    assert not ArticleVote.objects.exists()


def test_a_reader_says_whether_it_helped(contact: User, engineer: User) -> None:
    article = make_article()
    reader = signed_in(contact)
    vote = f"{article.get_absolute_url()}vote/"
    page = reader.post(vote, {"helped": "no", "comment": "Step 2?"}, follow=True)
    assert "You said that it did not help." in words(page)
    assert reader.post(vote, {"helped": "maybe"}).status_code == 422
    assert Client().post(vote, {"helped": "yes"}).status_code == 302
    assert ArticleVote.objects.count() == 1
    assert "Step 2?" in words(signed_in(engineer).get(article.get_absolute_url()))
    assert "Step 2?" in words(signed_in(engineer).get("/knowledge/drafts/"))
    assert "Did not help" not in words(reader.get(article.get_absolute_url()))


def test_an_article_is_written_reviewed_and_published_on_its_pages() -> None:
    writer, reviewer = signed_in(a_writer()), signed_in(a_reviewer())
    page = writer.post("/knowledge/new/", {**TYPED, "then": "preview"})
    assert "<h2>Head</h2>" in page.text
    assert not Article.objects.exists()
    page = writer.post("/knowledge/new/", {**TYPED, "then": "review"}, follow=True)
    assert "a colleague reads and publishes it" in words(page)
    address = Article.objects.get().get_absolute_url()
    assert "Cache" in words(reviewer.get("/knowledge/drafts/"))
    assert "Publish" in words(reviewer.get(address))
    refused = reviewer.post(f"{address}review/removal/", {"because": ""})
    assert refused.status_code == 422
    reviewer.post(f"{address}review/removal/", {"because": "Too short."})
    assert "Given back: Too short." in words(writer.get(address))

    writer.post(f"{address}edit/", {**TYPED, "body": "Longer text.", "revision": "1"})
    writer.post(f"{address}review/")
    page = reviewer.post(f"{address}publication/", {"revision": "2"}, follow=True)
    assert "Published as version 1." in words(page)
    assert Client().get(address).status_code == 200

    stale = writer.post(f"{address}edit/", {**TYPED, "revision": "7"})
    assert stale.status_code == 409
    assert "A colleague saved other words" in words(stale)
    writer.post(f"{address}edit/", {**TYPED, "body": "Shorter."})
    writer.post(f"{address}review/")
    reviewer.post(f"{address}publication/", {"revision": "1", "change": "Cut"})
    versions = words(writer.get(f"{address}versions/"))
    assert "Version 2" in versions
    assert "Removed: Longer text." in versions
    assert "Added: Shorter." in versions

    assert writer.post(f"{address}retirement/", {"because": ""}).status_code == 422
    writer.post(f"{address}retirement/", {"because": "Mended."})
    assert Client().get(address).status_code == 404
    writer.post(f"{address}retirement/removal/")
    assert Client().get(address).status_code == 200


def test_an_article_of_plans_names_them() -> None:
    writer = signed_in(a_writer())
    page = writer.post("/knowledge/new/", {**TYPED, "readers": "plans"})
    assert page.status_code == 422
    assert "Choose at least one plan." in words(page)
    writer.post("/knowledge/new/", {**TYPED, "readers": "plans", "plan_keys": ["msa-plus"]})
    assert Article.objects.get().draft.plan_keys == ["msa-plus"]


def test_an_engineer_makes_an_article_of_a_solved_ticket(
    contact: User, customer: Customer, engineer: User, tam: User
) -> None:
    ticket = file_ticket(
        customer=customer,
        by=contact,
        kind=TicketKind.BREAK_FIX,
        severity=Severity.HIGH,
        subject="Printers of Northwind stopped",
        description="Priya Raman saw it on PRN-02.",
    )
    desk = signed_in(engineer)
    assert "Make an article of it" not in words(desk.get(ticket.get_absolute_url()))
    resolve_ticket(ticket, resolution="Update 4711.", by=engineer)
    assert "Make an article of it" in words(desk.get(ticket.get_absolute_url()))
    address = f"{ticket.get_absolute_url()}article/"
    proposed = desk.get(address)
    assert "[name] saw it on [host]." in proposed.text
    assert "Priya" not in proposed.text
    page = desk.post(address, {**TYPED}, follow=True)
    assert ticket.reference in words(page)
    assert "Only staff see this." in words(page)
    assert "being written" in words(desk.get(ticket.get_absolute_url()))


def test_nobody_but_staff_learns_which_ticket_an_article_came_from(
    client: Client, contact: User, customer: Customer, engineer: User
) -> None:
    ticket = file_ticket(
        customer=customer,
        by=contact,
        kind=TicketKind.BREAK_FIX,
        severity=Severity.HIGH,
        subject="Printers stopped",
        description="All.",
    )
    resolve_ticket(ticket, resolution="Update 4711.", by=engineer)
    ticket.refresh_from_db()
    article = make_article_from(ticket, WORDS, by=a_writer())
    publish(article)
    for reader in (client, signed_in(contact)):
        assert ticket.reference not in reader.get(article.get_absolute_url()).text
        assert ticket.reference not in reader.get(f"/api/v1/articles/{article.slug}/").text


def test_a_list_asks_no_more_for_twenty_than_for_one(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        make_article(f"About caches {number}")
    with django_assert_max_num_queries(4):
        assert client.get("/knowledge/", {"q": "caches"}).status_code == 200


def test_a_product_that_no_database_takes_finds_nothing(client: Client) -> None:
    assert client.get("/knowledge/?product=%00&q=%00").status_code == 200
