"""The list of tickets as a file: the rows that stand on the page, all of them."""

import tempfile
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.rate_limit import is_within_limit
from accounts.requests import SignedInRequest
from tickets.export import MOST_ROWS, csv_lines, write_sheet
from tickets.forms.customer import TicketFilterForm
from tickets.models import Ticket
from tickets.views.company import memberships_of

# A file of ten thousand rows costs seconds: more of them is a program, and has the API.
EXPORTS_PER_HOUR = 30
HOUR_SECONDS = 60 * 60
CHUNK = 500
# Below this a workbook stays in memory. Units: bytes.
IN_MEMORY = 1024 * 1024
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_GET
def ticket_export(request: SignedInRequest, form: str) -> HttpResponseBase:
    """Hand out the tickets that the list shows for the same address, as CSV or XLSX."""
    if form not in {"csv", "xlsx"}:
        raise Http404
    if request.user.is_staff_member:
        return redirect("queue")
    companies = [membership.customer for membership in memberships_of(request)]
    filters = TicketFilterForm(request.GET, companies=companies, reader=request.user)
    tickets = filters.narrow(Ticket.objects.visible_to(request.user)).for_customer_list()
    keys = list(tickets.values_list("pk", flat=True)[: MOST_ROWS + 1])
    if len(keys) > MOST_ROWS:
        return _refused(
            request,
            _(
                "A file holds %(number)s tickets at most. Narrow the list, by dates for example, "
                "and export it in parts."
            )
            % {"number": f"{MOST_ROWS:,}"},
        )
    if not is_within_limit(
        "export", str(request.user.pk), limit=EXPORTS_PER_HOUR, seconds=HOUR_SECONDS
    ):
        return _refused(
            request,
            _(
                "You made %(number)d files within an hour. Wait a little; a program that needs "
                "the tickets more often reads them through the API."
            )
            % {"number": EXPORTS_PER_HOUR},
        )
    now, zone = timezone.now(), ZoneInfo(request.user.timezone)
    name = f"tickets-{now.astimezone(zone):%Y-%m-%d}.{form}"
    if form == "csv":
        lines = csv_lines(_in_chunks(keys), zone=zone, now=now, language=get_language())
        return StreamingHttpResponse(
            lines,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
    book = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    write_sheet(_in_chunks(keys), book, zone=zone, now=now)
    book.seek(0)
    return FileResponse(book, as_attachment=True, filename=name, content_type=SHEET_TYPE)


def _in_chunks(keys: list[int]) -> Iterator[Ticket]:
    """Read the tickets with these keys, in their order, a few hundred at a time."""
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        found = Ticket.objects.with_clock().in_bulk(chunk)
        yield from (found[key] for key in chunk if key in found)


def _refused(request: SignedInRequest, why: str) -> HttpResponse:
    messages.error(request, why)
    return redirect(f"{reverse('ticket_list')}?{request.GET.urlencode()}")
