"""An article made from a ticket: its text is proposed, and changed before anything is kept."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.requests import SignedInRequest
from knowledge.forms import ArticleForm, typed_of
from knowledge.operations.writing import ask_for_review
from tickets.article_words import propose_article
from tickets.operations.articles import make_article_from
from tickets.permissions import can_make_article
from tickets.views.staff import staff_only, staff_ticket


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def new_article_from(request: SignedInRequest, number: int) -> HttpResponse:
    """Propose the article, and begin it with what became of the proposal."""
    ticket = staff_ticket(request, number)
    if not can_make_article(request.user, ticket):
        raise NotAllowed("Those who work on tickets make articles of them.")
    proposal = propose_article(ticket)
    form = ArticleForm(request.POST or None, initial=typed_of(proposal.words, 0))
    status, then = 200, request.POST.get("then", "")
    if request.method == "POST" and then != "preview":
        status = 422
        if form.is_valid():
            try:
                article = make_article_from(ticket, form.words(), by=request.user)
                if then == "review":
                    ask_for_review(article, by=request.user)
            except NotAllowed:
                raise
            except DomainError as error:
                add_domain_error(form, error)
                status = error.status
            else:
                return redirect(article)
    context = {
        "form": form,
        "article": None,
        "made_from": ticket,
        "taken_out": proposal.taken_out,
        "preview": request.POST.get("body", "") if then == "preview" else None,
    }
    return render(request, "knowledge/article_edit.html", context, status=status)
