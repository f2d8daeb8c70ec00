"""One vote a person, the last one counts."""

import pytest

from accounts.models import User
from knowledge.errors import WrongState
from knowledge.models import ArticleVote
from knowledge.operations.voting import vote_on_article
from tests.factories.knowledge import make_article, make_draft

pytestmark = pytest.mark.django_db


def test_a_later_vote_takes_the_place_of_the_first(contact: User) -> None:
    article = make_article()
    vote_on_article(article, helped=True, by=contact)
    vote_on_article(article, helped=False, comment=" Step 2 is missing. ", by=contact)
    vote = ArticleVote.objects.get()
    assert (vote.helped, vote.comment, vote.version) == (
        False,
        "Step 2 is missing.",
        article.published,
    )


def test_votes_are_counted_by_people(contact: User, colleague: User, manager: User) -> None:
    article = make_article()
    for voter, helped in ((contact, True), (colleague, True), (manager, False)):
        vote_on_article(article, helped=helped, by=voter)
    assert sorted(article.votes.values_list("helped", flat=True)) == [False, True, True]


def test_nobody_votes_on_what_is_not_published(engineer: User) -> None:
    with pytest.raises(WrongState):
        vote_on_article(make_draft(), helped=True, by=engineer)
