"""The pages of those who write articles."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.requests import SignedInRequest
from accounts.staff_pages import staff_only
from knowledge.differences import line_differences
from knowledge.forms import (
    ArticleForm,
    PublicationForm,
    RetirementForm,
    ReturnForm,
    typed_of,
)
from knowledge.models import Article, ArticleImage, ArticleVersion, ArticleVote
from knowledge.operations.publishing import publish_article, restore_article, retire_article
from knowledge.operations.writing import (
    ask_for_review,
    begin_article,
    discard_draft_of,
    return_article,
    words_of,
    write_article,
)
from knowledge.permissions import can_write_articles
from knowledge.views.reading import article_page, visible_article

MOST_RETIRED = 20
MOST_COMMENTS = 20


def for_writers[**P](
    view: Callable[Concatenate[SignedInRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Show staff who write no articles nothing (404), as others."""

    @wraps(view)
    def wrapped(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not can_write_articles(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return staff_only(wrapped)


@require_safe
@for_writers
def show_drafts(request: SignedInRequest) -> HttpResponse:
    """List what waits for a second reader, what is being written, and what readers said last."""
    writing = Article.objects.being_written().select_related("published", "draft__written_by")
    drafts = list(writing.order_by("draft__review_asked_at", "-draft__written_at"))
    comments = ArticleVote.objects.exclude(comment="").select_related("voter", "article__published")
    retired = Article.objects.filter(retired_at__isnull=False).select_related("published")
    context = {
        "in_review": [one for one in drafts if one.draft.is_in_review],
        "being_written": [one for one in drafts if not one.draft.is_in_review],
        "comments": list(comments[:MOST_COMMENTS]),
        "retired": list(retired.order_by("-retired_at")[:MOST_RETIRED]),
    }
    return render(request, "knowledge/article_drafts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def new_article(request: SignedInRequest) -> HttpResponse:
    """Begin an article."""
    form = ArticleForm(request.POST or None)

    def act() -> Article:
        return begin_article(form.words(), by=request.user)

    return _editor(request, form, act, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def edit_article(request: SignedInRequest, slug: str) -> HttpResponse:
    """Write on an article's draft; readers see none of it."""
    article = visible_article(request, slug)
    draft = article.writing
    typed = typed_of(words_of(article), draft.revision if draft else 0)
    form = ArticleForm(request.POST or None, initial=typed)

    def act() -> Article:
        seen = form.cleaned_data["revision"]
        write_article(article, form.words(), seen=seen, by=request.user)
        return article

    return _editor(request, form, act, article)


@require_POST
@for_writers
def create_publication(request: SignedInRequest, slug: str) -> HttpResponse:
    """Publish what was read."""
    article = visible_article(request, slug)
    form = PublicationForm(request.POST)

    def act() -> str:
        version = publish_article(
            article,
            seen=form.cleaned_data["revision"],
            change=form.cleaned_data["change"],
            by=request.user,
        )
        return f"Published as version {version.number}."

    return _carry_out(request, article, form, act)


@require_POST
@for_writers
def create_review(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask for somebody to read it."""
    article = visible_article(request, slug)
    ask_for_review(article, by=request.user)
    messages.success(request, "A colleague reads it next, and publishes it or gives it back.")
    return redirect(article)


@require_POST
@for_writers
def remove_review(request: SignedInRequest, slug: str) -> HttpResponse:
    """Give it back with what should be mended."""
    article = visible_article(request, slug)
    form = ReturnForm(request.POST, auto_id="return_%s")

    def act() -> str:
        return_article(article, because=form.cleaned_data["because"], by=request.user)
        return "Given back."

    return _carry_out(request, article, form, act)


@require_POST
@for_writers
def create_retirement(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take it out of readers' sight."""
    article = visible_article(request, slug)
    form = RetirementForm(request.POST, auto_id="retire_%s")

    def act() -> str:
        retire_article(article, because=form.cleaned_data["because"], by=request.user)
        return "Retired. Readers no longer find it."

    return _carry_out(request, article, form, act)


@require_POST
@for_writers
def remove_retirement(request: SignedInRequest, slug: str) -> HttpResponse:
    """Bring it back."""
    article = visible_article(request, slug)
    restore_article(article, by=request.user)
    messages.success(request, "Readers find it again.")
    return redirect(article)


@require_POST
@for_writers
def remove_draft(request: SignedInRequest, slug: str) -> HttpResponse:
    """Throw away what is being written."""
    article = visible_article(request, slug)
    is_there = discard_draft_of(article, by=request.user)
    messages.success(request, "The draft is thrown away.")
    return redirect(article) if is_there else redirect("article_drafts")


@require_safe
@staff_only
def show_versions(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show each version: who, when, and what it changed in the one before."""
    article = visible_article(request, slug)
    versions = list(article.versions.select_related("written_by", "published_by"))
    before: dict[int, ArticleVersion | None] = dict.fromkeys([one.number for one in versions])
    before |= {one.number + 1: one for one in versions}
    shown = [
        {
            "version": version,
            "title_before": _changed(before[version.number], version, "title"),
            "summary_before": _changed(before[version.number], version, "summary"),
            "lines": line_differences(earlier.body, version.body)
            if (earlier := before[version.number])
            else [],
        }
        for version in versions
    ]
    context = {"article": article, "shown": shown}
    return render(request, "knowledge/article_versions.html", context)


def _changed(before: ArticleVersion | None, after: ArticleVersion, name: str) -> str:
    was: str = getattr(before, name) if before else ""
    return was if was != getattr(after, name) else ""


def _editor(
    request: SignedInRequest,
    form: ArticleForm,
    act: Callable[[], Article],
    article: Article | None,
) -> HttpResponse:
    """Save on valid input and lead to the article; `then` also asks for a review, or previews."""
    status, then = 200, request.POST.get("then", "")
    if request.method == "POST" and then != "preview":
        status = 422
        if form.is_valid():
            try:
                saved = act()
                if then == "review":
                    ask_for_review(saved, by=request.user)
            except NotAllowed:
                raise
            except DomainError as error:
                add_domain_error(form, error)
                status = error.status
            else:
                messages.success(
                    request, "Saved, and given to review." if then == "review" else "Saved."
                )
                return redirect(saved)
    context = {
        "form": form,
        "article": article,
        "pictures": pictures_of(article) if article is not None else [],
        "preview": request.POST.get("body", "") if then == "preview" else None,
    }
    return render(request, "knowledge/article_edit.html", context, status=status)


def pictures_of(article: Article) -> list[tuple[ArticleImage, str]]:
    """An article's pictures, each with where it stands: "" where it may be removed."""
    places = (
        ("in the published text", article.published.body if article.published else ""),
        ("in the draft", article.writing.body if article.writing else ""),
    )
    return [
        (one, next((place for place, body in places if one.key in body), ""))
        for one in article.images.all()
    ]


def _carry_out(
    request: SignedInRequest,
    article: Article,
    form: PublicationForm | ReturnForm | RetirementForm,
    act: Callable[[], str],
) -> HttpResponse:
    status = 422
    if form.is_valid():
        try:
            messages.success(request, act())
        except NotAllowed:
            raise
        except DomainError as error:
            add_domain_error(form, error)
            status = error.status
        else:
            return redirect(article)
    assert isinstance(form, forms.Form)
    fresh = visible_article(request, article.slug)
    return article_page(request, fresh, failed=form, status=status)
