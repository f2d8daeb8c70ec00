"""An article's way from the first words to its readers."""

from dataclasses import replace
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from knowledge.errors import WordsChanged, WrongState
from knowledge.models import Article, ArticleVersion
from knowledge.operations.publishing import publish_article, restore_article, retire_article
from knowledge.operations.writing import (
    ask_for_review,
    begin_article,
    discard_draft_of,
    return_article,
    words_of,
    write_article,
)
from tests.factories.knowledge import WORDS, make_article, make_draft
from tests.racing import race, refusals

pytestmark = pytest.mark.django_db


def actions() -> list[str]:
    return list(
        AuditEvent.objects.filter(subject_type="knowledge.article")
        .order_by("pk")
        .values_list("action", flat=True)
    )


def test_an_article_is_written_read_by_a_second_and_published(
    engineer: User, duty_lead: User
) -> None:
    article = begin_article(WORDS, by=engineer)
    assert article.slug == "a-web-cache-keeps-databases-old"
    assert not article.is_current

    with pytest.raises(NotAllowed):  # Nobody has asked for a review.
        publish_article(article, by=duty_lead, seen=1)
    ask_for_review(article, by=engineer)
    with pytest.raises(NotAllowed):  # Not one's own words.
        publish_article(article, by=engineer, seen=1)
    version = publish_article(article, by=duty_lead, seen=1, change="First version")

    article = Article.objects.get(pk=article.pk)
    assert article.is_current
    assert article.published == version
    assert (version.number, version.written_by, version.published_by) == (1, engineer, duty_lead)
    assert version.title == WORDS.title
    assert article.writing is None
    assert actions() == ["article begun", "article given to review", "article published"]


def test_a_second_version_leaves_the_first_as_it_was(duty_lead: User, engineer: User) -> None:
    article = make_article()
    write_article(article, replace(words_of(article), summary="Shorter."), seen=0, by=engineer)
    assert Article.objects.get(pk=article.pk).text.summary == WORDS.summary  # not yet
    ask_for_review(article, by=engineer)
    publish_article(article, by=duty_lead, seen=1)
    assert [(one.number, one.summary) for one in article.versions.all()] == [
        (2, "Shorter."),
        (1, WORDS.summary),
    ]


def test_the_database_refuses_to_change_or_remove_a_version() -> None:
    make_article()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ArticleVersion.objects.update(title="Other")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ArticleVersion.objects.all()._raw_delete("default")


def test_the_database_refuses_a_version_published_by_its_writer() -> None:
    article = make_article()
    version = article.versions.get()
    version.pk, version.number = None, 2
    version.published_by = version.written_by
    with pytest.raises(IntegrityError, match="a_version_was_read_by_a_second"):
        version.save(force_insert=True)


def test_newer_words_of_a_colleague_are_not_written_over(engineer: User, duty_lead: User) -> None:
    article = make_draft()
    write_article(article, replace(WORDS, title="Hers"), seen=1, by=duty_lead)
    with pytest.raises(WordsChanged):
        write_article(article, replace(WORDS, title="His"), seen=1, by=engineer)
    assert Article.objects.get(pk=article.pk).draft.title == "Hers"


def test_what_was_written_on_since_it_was_read_is_not_published(
    engineer: User, duty_lead: User
) -> None:
    article = make_draft()
    write_article(article, replace(WORDS, title="Other"), seen=1, by=engineer)
    ask_for_review(article, by=engineer)
    with pytest.raises(WordsChanged):
        publish_article(article, by=duty_lead, seen=1)
    assert not ArticleVersion.objects.exists()


def test_saving_takes_an_article_out_of_review(engineer: User) -> None:
    article = ask_for_review(make_draft(), by=engineer)
    draft = write_article(article, WORDS, seen=1, by=engineer)
    assert not draft.is_in_review


def test_a_reviewer_gives_it_back_with_a_reason(engineer: User, duty_lead: User) -> None:
    article = make_draft()
    with pytest.raises(WrongState):
        return_article(article, because="Too long.", by=duty_lead)
    ask_for_review(article, by=engineer)
    with pytest.raises(InvalidInput):
        return_article(article, because=" ", by=duty_lead)
    draft = return_article(article, because="Too long.", by=duty_lead).draft
    assert (draft.is_in_review, draft.returned_because) == (False, "Too long.")


def test_a_retired_article_is_not_read_and_comes_back_as_it_was(engineer: User) -> None:
    article = make_article()
    retire_article(article, because="The product ended.", by=engineer)
    assert not Article.objects.current().exists()
    with pytest.raises(WrongState):
        retire_article(article, because="", by=engineer)
    with pytest.raises(WrongState):
        write_article(article, WORDS, seen=0, by=engineer)
    restore_article(article, by=engineer)
    assert Article.objects.current().get() == article
    assert actions()[-2:] == ["article retired", "article brought back"]


def test_a_discarded_draft_leaves_what_is_published(engineer: User) -> None:
    article, other = make_article(), make_draft("Never published")
    write_article(article, WORDS, seen=0, by=engineer)
    assert discard_draft_of(article, by=engineer)
    assert not discard_draft_of(other, by=engineer)
    assert Article.objects.get() == article


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"summary": ""}, "summary"),
        ({"body": ""}, "body"),
        ({"is_public": False}, "plan_keys"),
        ({"is_public": True, "plan_keys": ("msa-business",)}, "plan_keys"),
        ({"is_public": False, "plan_keys": ("standard",)}, "plan_keys"),
    ],
)
def test_an_article_says_all_of_it(
    catalogue: object, engineer: User, change: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        begin_article(replace(WORDS, **change), by=engineer)  # type: ignore[arg-type]  # the test's own
    assert refused.value.field == field
    assert not Article.objects.exists()


def test_two_articles_of_one_title_have_addresses_of_their_own(engineer: User) -> None:
    assert [make_draft("Drafts").slug, make_draft("Drafts").slug] == ["drafts-2", "drafts-3"]


@pytest.mark.parametrize("who", ["contact", "tam", "administrator"])
def test_others_write_no_articles(who: str, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(who)
    article = make_draft()
    for act in (
        lambda: begin_article(WORDS, by=user),
        lambda: write_article(article, WORDS, seen=1, by=user),
        lambda: ask_for_review(article, by=user),
        lambda: retire_article(article, because="", by=user),
        lambda: discard_draft_of(article, by=user),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert Article.objects.get().draft.revision == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told_of_the_others_words(
    engineer: User, duty_lead: User
) -> None:
    article = make_draft()
    outcomes = race(
        *(
            partial(write_article, article, replace(WORDS, title=name), seen=1, by=by)
            for name, by in (("His", engineer), ("Hers", duty_lead))
        )
    )
    assert len(refusals(outcomes, WordsChanged)) == 1
    assert Article.objects.get(pk=article.pk).draft.revision == 2


@pytest.mark.django_db(transaction=True)
def test_published_twice_at_once_is_one_version(engineer: User, duty_lead: User) -> None:
    article = ask_for_review(make_draft(), by=engineer)
    publish = partial(publish_article, article, by=duty_lead, seen=1)
    assert len(refusals(race(publish, publish), WrongState)) == 1
    assert ArticleVersion.objects.count() == 1
