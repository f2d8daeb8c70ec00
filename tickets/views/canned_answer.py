"""Canned answers: kept on pages of their own, found and put in from a ticket's composer."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.requests import SignedInRequest
from tickets.forms.canned_answer import CannedAnswerForm
from tickets.models import CannedAnswer
from tickets.operations.canned_answers import (
    add_canned_answer,
    change_canned_answer,
    remove_canned_answer,
)
from tickets.permissions import (
    can_change_canned_answer,
    can_share_canned_answers,
    can_use_canned_answers,
)
from tickets.placeholders import PLACEHOLDERS, fill_placeholders
from tickets.views.staff import staff_only, staff_ticket

# How many the composer offers at once; whoever wants others types a word of theirs.
OFFERED = 8


def _for_answering[**P](
    view: Callable[Concatenate[SignedInRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Show others nothing (404), as staff_only."""

    @wraps(view)
    def wrapped(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not can_use_canned_answers(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return staff_only(wrapped)


def _words(request: SignedInRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "")[:200]


@require_safe
@_for_answering
def show_canned_answers(request: SignedInRequest) -> HttpResponse:
    """List the shared ones and the reader's own."""
    words = _words(request)
    found = CannedAnswer.objects.visible_to(request.user).matching(words)
    return render(request, "tickets/canned_answer_list.html", {"answers": found, "words": words})


@require_safe
@_for_answering
def show_for_ticket(request: SignedInRequest, number: int) -> HttpResponse:
    """Offer the ones that match, their blanks filled for a ticket: a part of its page."""
    ticket = staff_ticket(request, number)
    words = _words(request)
    found = CannedAnswer.objects.visible_to(request.user).matching(words)[: OFFERED + 1]
    offered = [
        {"answer": one, "text": fill_placeholders(one.body, ticket=ticket, by=request.user)}
        for one in found
    ]
    context = {"offered": offered[:OFFERED], "has_more": len(offered) > OFFERED, "words": words}
    return render(request, "tickets/_canned_offered.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_for_answering
def new_canned_answer(request: SignedInRequest) -> HttpResponse:
    """Write a new one."""
    shares = can_share_canned_answers(request.user)
    form = CannedAnswerForm(request.POST or None, can_share=shares)

    def act(typed: dict[str, Any]) -> str:
        answer = add_canned_answer(
            title=typed["title"],
            body=typed["body"],
            is_shared=typed.get("is_shared", False),
            by=request.user,
        )
        return f"“{answer.title}” is kept."

    return _answer(request, form, act, None)


@require_http_methods(["GET", "HEAD", "POST"])
@_for_answering
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one, and save what is changed of it; read only for those who may not."""
    answer = _visible(request, pk)
    typed = {"title": answer.title, "body": answer.body}
    form = CannedAnswerForm(request.POST or None, can_share=False, initial=typed)

    def act(typed: dict[str, Any]) -> str:
        change_canned_answer(answer, title=typed["title"], body=typed["body"], by=request.user)
        return f"“{typed['title']}” is changed."

    return _answer(request, form, act, answer)


@require_POST
@_for_answering
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remove one."""
    answer = _visible(request, pk)
    remove_canned_answer(answer, by=request.user)
    messages.success(request, f"“{answer.title}” is removed.")
    return redirect("canned_answer_list")


def _visible(request: SignedInRequest, pk: int) -> CannedAnswer:
    return get_object_or_404(CannedAnswer.objects.visible_to(request.user), pk=pk)


def _answer(
    request: SignedInRequest,
    form: CannedAnswerForm,
    act: Callable[[dict[str, Any]], str],
    answer: CannedAnswer | None,
) -> HttpResponse:
    """Do the act on valid input and lead back to the list; else show the form."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                said = act(form.cleaned_data)
            except NotAllowed:
                raise
            except DomainError as error:
                add_domain_error(form, error)
                status = error.status
            else:
                messages.success(request, said)
                return redirect("canned_answer_list")
    context = {
        "form": form,
        "answer": answer,
        "may_change": answer is None or can_change_canned_answer(request.user, answer),
        "placeholders": [(f"{{{name}}}", words) for name, words in PLACEHOLDERS.items()],
    }
    return render(request, "tickets/canned_answer.html", context, status=status)
