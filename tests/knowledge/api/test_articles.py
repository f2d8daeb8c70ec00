"""Articles, for programs."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tests.factories.knowledge import WORDS, make_article, make_draft
from tests.programs import program_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue", "tuesday")]


def test_a_program_finds_and_reads_an_article(contact: User) -> None:
    make_article()
    make_article("Of Enterprise", plan_keys=("msa-enterprise",))
    make_draft("Draft")
    found = program_of(contact).get("/api/v1/articles/", {"q": "proxy"}).json()
    assert (found["count"], found["next_page"]) == (1, None)
    assert found["results"][0] == {
        "slug": "a-web-cache-keeps-databases-old",
        "title": WORDS.title,
        "summary": WORDS.summary,
        "products": ["Management Server"],
        "is_public": True,
        "version": 1,
        "published_at": "2026-02-03T09:00:00Z",
    }
    article = APIClient().get("/api/v1/articles/a-web-cache-keeps-databases-old/").json()
    assert article["body"] == WORDS.body


def test_what_one_may_not_read_is_not_there(contact: User, engineer: User) -> None:
    hidden = make_article("Of Enterprise", plan_keys=("msa-enterprise",)).slug
    draft = make_draft("Draft").slug
    for client in (APIClient(), program_of(contact)):
        assert client.get(f"/api/v1/articles/{hidden}/").status_code == 404
        assert client.get(f"/api/v1/articles/{draft}/").status_code == 404
    # A draft is nobody's to read by program.
    assert program_of(engineer).get(f"/api/v1/articles/{draft}/").status_code == 404


@pytest.mark.parametrize("page", ["0", "x", "-1", "٣", "1" * 9])
def test_a_wrong_page_is_an_error(page: str) -> None:
    assert APIClient().get("/api/v1/articles/", {"page": page}).status_code == 400


def test_a_page_after_the_last_is_empty() -> None:
    make_article()
    assert APIClient().get("/api/v1/articles/", {"page": "2"}).json()["results"] == []
