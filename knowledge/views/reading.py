"""The pages everybody reads: the list with its search, an article, and a vote on it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from knowledge.differences import line_differences
from knowledge.forms import PublicationForm, RetirementForm, ReturnForm, VoteForm
from knowledge.models import Article
from knowledge.operations.voting import vote_on_article
from knowledge.permissions import can_publish, can_write_articles
from knowledge.searching import LONGEST, find_articles, mark_articles, products_of

PAGE_SIZE = 20


@require_safe
def show_articles(request: HttpRequest) -> HttpResponse:
    """List and search the articles this reader may read."""
    words = request.GET.get("q", "")[:LONGEST]
    product = request.GET.get("product", "").replace("\x00", "")[:80]
    found = find_articles(words, reader=request.user, product=product)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    articles = list(page)
    context = {
        "words": words,
        "product": product,
        "products": products_of(request.user),
        "page_obj": page,
        "articles": articles,
        "marked": mark_articles(articles, words) if words.strip() and articles else [],
        "query": urlencode({"q": words, "product": product}),
        "can_write": _writes(request),
        "base": base_for(request),
        "longest": LONGEST,
    }
    return render(request, "knowledge/article_list.html", context)


@require_safe
def show_article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one article; staff also see what is being written and what readers said."""
    return article_page(request, visible_article(request, slug))


@login_required
@require_POST
def create_vote(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take a reader's vote."""
    article = visible_article(request, slug)
    form = VoteForm(request.POST)
    if not form.is_valid():
        return article_page(request, article, vote_form=form, status=422)
    vote_on_article(
        article,
        helped=form.cleaned_data["helped"] == "yes",
        comment=form.cleaned_data["comment"],
        by=request.user,
    )
    messages.success(request, _("Thank you. The people who write these articles read it."))
    return redirect(article)


def visible_article(request: HttpRequest, slug: str) -> Article:
    """Fetch an article this reader may read. Raises: Http404."""
    visible = Article.objects.visible_to(request.user)
    rows = visible.select_related(
        "published__written_by",
        "published__published_by",
        "draft__written_by",
    )
    return get_object_or_404(rows, slug=slug)


def article_page(
    request: HttpRequest,
    article: Article,
    *,
    vote_form: VoteForm | None = None,
    failed: PublicationForm | ReturnForm | RetirementForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the page of an article for this reader, with a form that was refused."""
    user = request.user
    vote = article.votes.filter(voter=user).first() if user.is_authenticated else None
    context: dict[str, object] = {
        "article": article,
        # Without a published one, staff read what is being written.
        "text": article.text,
        "vote": vote,
        "vote_form": vote_form or VoteForm(initial={"comment": vote.comment} if vote else None),
        "is_staff": user.is_authenticated and user.is_staff_member,
        "can_write": _writes(request),
        "base": base_for(request),
        "failed": failed,
    }
    if context["is_staff"]:
        context |= _for_staff(request, article)
    return render(request, "knowledge/article.html", context, status=status)


def base_for(request: HttpRequest) -> str:
    """Choose the frame by who reads."""
    user = request.user
    if not user.is_authenticated:
        return "base_public.html"
    return "base_staff.html" if user.is_staff_member else "base_customer.html"


def _for_staff(request: HttpRequest, article: Article) -> dict[str, object]:
    votes = list(article.votes.select_related("voter", "version"))
    draft = article.writing
    may_publish = request.user.is_authenticated and can_publish(request.user, article)
    return {
        "draft": draft,
        "draft_lines": line_differences(article.published.body, draft.body)
        if draft and article.published
        else [],
        "helped": sum(vote.helped for vote in votes),
        "not_helped": sum(not vote.helped for vote in votes),
        "comments": [vote for vote in votes if vote.comment][:20],
        "may_publish": may_publish,
        "publication_form": PublicationForm(initial={"revision": draft.revision})
        if may_publish and draft
        else None,
        "return_form": ReturnForm(auto_id="return_%s"),
        "retirement_form": RetirementForm(auto_id="retire_%s"),
    }


def _writes(request: HttpRequest) -> bool:
    return request.user.is_authenticated and can_write_articles(request.user)
