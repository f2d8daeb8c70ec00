"""What is done to the tickets chosen in the queue, and how it is told."""

from collections.abc import Sequence
from dataclasses import asdict
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import kept_text
from accounts.requests import SignedInRequest
from tickets.forms.selection import SelectionForm
from tickets.operations.selection import change_each
from tickets.queue_sizes import kept_choices
from tickets.saved_views import saved_views
from tickets.views.queue import OUTCOME, show_queue
from tickets.views.staff import staff_only

# More than a page's rows in one form is no form of ours.
MOST_AT_ONCE = 100


@require_POST
@staff_only
def change_selection(request: SignedInRequest) -> HttpResponse:
    """Do one thing to each chosen ticket, and say which were refused and why.

    What was refused stays chosen on the page that follows.
    """
    page = _queue_of(request)
    address = urlsplit(page)
    numbers = chosen_numbers(request.POST)
    if not numbers:
        messages.info(request, "Choose tickets first.")
        return HttpResponseRedirect(page)
    form = SelectionForm(request.POST, choices=kept_choices(request.user))
    if not form.is_valid():
        return show_queue(
            request,
            path=address.path,
            query=QueryDict(address.query),
            saved=saved_views(request.user),
            selection=form,
            chosen=numbers,
            status=422,
        )
    change, done = form.change(request.user)
    outcome = change_each(numbers, by=request.user, change=change)
    if outcome.refused:
        request.session[OUTCOME] = {
            "changed": len(outcome.changed),
            "done": done,
            "refused": [asdict(one) for one in outcome.refused],
        }
    else:
        messages.success(request, f"{len(outcome.changed)} {done}.")
    return HttpResponseRedirect(page)


def _queue_of(request: SignedInRequest) -> str:
    """The queue's page the form stood on; nobody is led anywhere else."""
    page = kept_text.page_of(request)
    pages = {reverse(name) for name in ("queue", "my_tickets", "at_risk")}
    return page if urlsplit(page).path in pages else reverse("queue")


def chosen_numbers(sent: QueryDict) -> Sequence[int]:
    """The numbers of the chosen rows; the box above them stands for the whole page."""
    whole = [one for page in sent.getlist("whole_page") for one in page[:2000].split(",")]
    texts = [*sent.getlist("ticket"), *whole]
    numbers = [int(text) for text in texts if text.isdecimal() and len(text) < 18]
    return list(dict.fromkeys(numbers))[:MOST_AT_ONCE]
