"""A ticket as its customer sees it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.languages import in_words
from accounts.models import User
from accounts.requests import SignedInRequest
from entitlements.choices import Severity
from entitlements.models import ServiceLevel
from entitlements.permissions import membership_of
from entitlements.promise import terms_words
from notifications.operations import mark_path_read
from sla import wording
from sla.choices import ClockState
from sla.explanation import explain_clock
from sla.models import CalendarVersion, Clock
from sla.operations import coming_steps
from tickets.choices import DraftKind, EventKind, Score, TicketState
from tickets.customer_extras import extras_of
from tickets.customer_surroundings import CustomerSurroundings, customer_surroundings
from tickets.filed_with import filed_with
from tickets.forms.customer import EscalationForm, ReopeningForm, ReplyForm, SeverityContestForm
from tickets.forms.rating import RatingForm
from tickets.forms.relations import WatcherForm
from tickets.ladder_lines import lines_for_customer, newest_records
from tickets.links import merged_in, merged_into
from tickets.models import Attachment, Message, Rating, Ticket, TicketEvent
from tickets.operations.rating import may_be_rated
from tickets.turn import turn_of
from tickets.views.customer_thread import customer_thread
from tickets.views.drafts import drafts_of_form, is_kept_newer
from tickets.views.ticket_links import links_of


def customer_ticket(request: SignedInRequest, number: int) -> Ticket:
    """Fetch a ticket for an act of its customer's side.

    Raises: Http404 when unseen; NotAllowed for somebody who only sees it.
    """
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user).with_clock(), number=number)
    if membership_of(request.user, ticket.customer) is None:
        raise NotAllowed(_("Only people of %(company)s do this.") % {"company": ticket.customer})
    return ticket


def customer_ticket_page(
    request: HttpRequest,
    ticket: Ticket,
    *,
    failed: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the ticket to somebody of the customer's side.

    `failed` are forms to show again, by name: reply, reopening, contest, escalation,
    watcher, rating.
    Effects: the reader's notices of this ticket are read.
    """
    reader = request.user
    assert isinstance(reader, User)
    now = timezone.now()
    unread = mark_path_read(ticket.get_absolute_url(), by=reader, now=now)
    around = customer_surroundings(ticket, reader)
    is_member = around.is_member(reader)
    clock = ticket.response_clock
    clock_state = clock.state(now) if clock is not None else None
    links = links_of(ticket, reader) if around.has_links else []
    merged = merged_in(links)
    whole = [ticket, *merged]
    visible_files = Attachment.objects.visible_to(reader).filter(ticket__in=whole)
    has_files = around.has_files or bool(merged)
    files = list(visible_files.select_related("ticket")) if has_files else []
    hours = _coverage(ticket)
    events = list(TicketEvent.objects.visible_to(reader).filter(ticket=ticket).select_related("by"))
    told = {event.kind for event in events}
    extras = extras_of(ticket, reader, around, told, now)
    drafts, escalation = extras.drafts, extras.escalation
    drafted = drafts.get(DraftKind.REPLY)
    # Text kept over a sign-in is put back by the page's script, into fields that are empty.
    body = drafted.text("body") if drafted and not is_kept_newer(request, drafted) else ""
    page_forms: dict[str, forms.Form] = {
        "reply": ReplyForm(initial={"submission_key": uuid.uuid4(), "body": body}),
        "reopening": ReopeningForm(auto_id="id_reopening_%s"),
        "contest": SeverityContestForm(ticket=ticket, auto_id="id_contest_%s"),
        "escalation": EscalationForm(auto_id="id_escalation_%s"),
        "watcher": WatcherForm(
            ticket=ticket, people=around.may_watch(ticket), auto_id="id_watcher_%s"
        ),
    }
    can_rate = is_member and may_be_rated(ticket, now)
    rating = Rating.objects.filter(ticket=ticket, by=reader).first() if can_rate else None
    page_forms["rating"] = RatingForm(
        initial={"comment": rating.comment if rating else ""}, auto_id="id_rating_%s"
    )
    context = {
        "ticket": ticket,
        "now": now,
        "newest_event": max((event.pk for event in events), default=0),
        "unread_notices": unread,
        "turn": turn_of(ticket, events, escalation=escalation, now=now),
        "is_member": is_member,
        "contract_number": around.contract_number,
        "thread": customer_thread(
            ticket,
            reader=reader,
            messages=Message.objects.visible_to(reader)
            .filter(ticket__in=whole)
            .select_related("author"),
            events=events,
            files=files,
            merged=merged,
        ),
        "links": links,
        "merged_into": merged_into(links),
        "files": files,
        "clock": clock,
        "clock_lead": _lead(clock_state),
        "calls_now": clock_state == ClockState.WAITING_FOR_CALL,
        "if_called": _if_called(clock, now, reader) if clock is not None else "",
        "pin": around.pin if clock_state == ClockState.WAITING_FOR_CALL else "",
        "explanation": (
            explain_clock(
                clock,
                now=now,
                zone=reader.timezone,
                filed_at=ticket.filed_at,
                terms=terms_words(ticket.edition, ticket.severity),
            )
            if clock is not None
            else None
        ),
        "escalation": escalation,
        "next_lines": _next_lines(clock, reader, now) if clock is not None else [],
        "coverage": hours,
        "no_clock": _("No promised time; covered %(hours)s.") % {"hours": hours},
        "filed": filed_with(ticket, answers=extras.answers),
        "waiting_files": extras.waiting_files,
        "asked": Severity(ticket.asked_severity),
        "is_contested": ticket.asked_severity != ticket.severity,
        "watchers": around.watchers,
        "filer_reads": around.is_member(ticket.filed_by),
        "who_reads": _who_reads(ticket, around, reader),
        "follow_ups": (
            list(Ticket.objects.visible_to(reader).filter(follows=ticket))
            if EventKind.FOLLOWED_UP in told
            else []
        ),
        "can_reopen": ticket.can_be_reopened(now),
        "calls": extras.calls,
        "can_rate": can_rate,
        "rating": rating,
        "scores": in_words(reversed(Score.choices)),
        "is_resolved": ticket.state == TicketState.RESOLVED,
        "is_closed": ticket.state == TicketState.CLOSED,
        "placeholder": _placeholder(ticket),
        "follows_visible": ticket.follows is not None
        and Ticket.objects.visible_to(reader).filter(pk=ticket.follows.pk).exists(),
        "forms": page_forms | (failed or {}),
        "drafts": drafts_of_form(ticket, drafts, kind=DraftKind.REPLY, reader=reader, now=now),
        "reply_errors": _errors_of(failed, "reply"),
        **{f"{name}_failed": name in (failed or {}) for name in page_forms},
        "refused": _refused(failed, ticket, now),
    }
    return render(request, "tickets/ticket_customer.html", context, status=status)


_LEADS = {
    ClockState.OVERDUE: gettext_noop("We promised an answer by"),
    ClockState.MET: gettext_noop("Promised by"),
    ClockState.MISSED: gettext_noop("Promised by"),
    ClockState.EXCUSED: gettext_noop("Promised by"),
}


def _lead(state: ClockState | None) -> str:
    """What stands before the promised moment."""
    return _(_LEADS.get(state, "We answer by")) if state else _("First answer")


def _coverage(ticket: Ticket) -> str:
    """When it is covered: as its own clock counts, else as its service level says today."""
    clock = ticket.response_clock
    if clock is not None:
        return clock.calendar_version.hours_text(clock.zone, get_language())
    level = ServiceLevel.objects.filter(pk=ticket.service_level_id)
    versions = CalendarVersion.objects.filter(calendar__in=level.values("calendar"))
    return versions.latest("number").hours_text(language=get_language())


def _if_called(clock: Clock, now: datetime, reader: User) -> str:
    """What a call at this moment would make of a clock that waits for one."""
    due = clock.schedule.deadline(now, clock.target)
    moment = wording.moment_words(due, ZoneInfo(reader.timezone), now=now, language=get_language())
    return _("If you call now, we answer by %(moment)s.") % {"moment": moment}


def _next_lines(clock: Clock, reader: User, now: datetime) -> list[str]:
    if clock.stopped_at is not None or clock.due_at is None:
        return []
    coming = coming_steps(clock, newest_records(clock, reader))
    return lines_for_customer(coming, zone=reader.timezone, now=now)


def _who_reads(ticket: Ticket, around: CustomerSurroundings, reader: User) -> str:
    """Name those who hear of a reply, the reader left out."""
    filer = [ticket.filed_by] if around.is_member(ticket.filed_by) else []
    people = {user.pk: user.get_short_name() for user in [*filer, *around.watchers]}
    people.pop(reader.pk, None)
    names = ", ".join(people.values())
    return _("%(names)s and we read this") % {"names": names} if names else _("We read this")


def _placeholder(ticket: Ticket) -> str:
    if ticket.assignee is None:
        return _("Write to us…")
    return _("Write to %(name)s…") % {"name": ticket.assignee.get_short_name()}


@dataclass(frozen=True, slots=True)
class Refused:
    """What was refused and has no place on the page any more, with what was typed."""

    errors: list[str]
    text: str


def _refused(failed: dict[str, forms.Form] | None, ticket: Ticket, now: datetime) -> Refused | None:
    """What came too late for its form: the ticket has moved on meanwhile."""
    has_place = {
        "reply": True,
        "reopening": ticket.can_be_reopened(now),
        "contest": ticket.is_open,
        "escalation": ticket.is_open,
        "watcher": True,
        "rating": may_be_rated(ticket, now),
        "closure": False,
    }
    for name, form in (failed or {}).items():
        if not has_place[name]:
            return Refused(_errors_of(failed, name), str(form.data.get("reason", "")))
    return None


def _errors_of(failed: dict[str, forms.Form] | None, name: str) -> list[str]:
    """All that is wrong with a form that shows its errors in one place."""
    form = (failed or {}).get(name)
    return (
        [str(text) for texts in form.errors.values() for text in texts] if form is not None else []
    )
