"""The palette of commands: people, companies, tickets, pages, and what can be done here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import SignedInRequest
from knowledge.searching import find_articles
from supportportal.navigation import navigation
from tickets.choices import TicketState
from tickets.models import Ticket
from tickets.permissions import (
    WORKS_TICKETS,
    can_answer,
    can_note,
    can_work,
    can_write_as_customer,
    sees_as_staff,
)
from tickets.saved_views import saved_views
from tickets.search.asking import Asked, read_question
from tickets.search.finding import find_tickets
from tickets.search.people import find_companies, find_people

MOST_TICKETS = 6
MOST_PEOPLE = 4
MOST_PAGES = 6
MOST_ARTICLES = 3

_TICKET_PAGE = re.compile(r"/tickets/(\d{1,17})/", re.ASCII)


@dataclass(frozen=True, slots=True)
class Option:
    """A line of the palette: a page to go to, or with `key` what that key does on this page."""

    label: str
    icon: str
    url: str = ""
    end: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading."""

    label: str
    options: list[Option]


@login_required
@require_safe
def show_palette(request: SignedInRequest) -> HttpResponse:
    """List what somebody may mean who typed `q` on the page `on`; nothing typed: what is near."""
    asked = read_question(request.GET.get("q", ""))
    groups = [
        group for group in _groups(request, asked, request.GET.get("on", "")) if group.options
    ]
    context = {
        "groups": groups,
        "asked": asked,
        "size": sum(len(group.options) for group in groups),
    }
    return render(request, "supportportal/palette.html", context)


def _groups(request: SignedInRequest, asked: Asked, on: str) -> Iterator[Group]:
    by = request.user
    commands_only = asked.text.startswith(">")
    text = asked.text.removeprefix(">").strip()
    if text and not commands_only:
        yield Group(_("Tickets"), _tickets(asked, by))
        yield Group(_("Companies"), _companies(text, by))
        yield Group(_("People"), _people(text, by))
        yield Group(_("Articles"), _articles(text, by))
    yield Group(_("On this page"), _named(text, _actions(on, by)))
    pages = _named(text, _pages(request))
    yield Group(_("Go to"), pages[:MOST_PAGES] if text else pages)
    if text and not commands_only:
        everything = f"{reverse('search')}?{urlencode({'q': asked.text})}"
        yield Group(
            _("Search"),
            [
                Option(
                    _("Search everything for “%(words)s”") % {"words": asked.text},
                    "search",
                    everything,
                )
            ],
        )


def _tickets(asked: Asked, by: User) -> list[Option]:
    found = []
    if asked.number is not None:
        exact = Ticket.objects.visible_to(by).filter(number=asked.number)
        found = list(exact.select_related("customer"))
    terms = asked.terms
    if terms and not terms[-1].is_phrase:
        # Somebody is still typing the last word.
        terms = (*terms[:-1], replace(terms[-1], is_beginning=True))
    typed = replace(asked, terms=terms)
    keys = find_tickets(typed, by=by, now=timezone.now(), size=MOST_TICKETS).keys
    rows = Ticket.objects.select_related("customer").in_bulk(keys)
    found += [rows[key] for key in keys if key in rows and rows[key] not in found]
    return [
        Option(
            f"{ticket.reference} {ticket.subject}",
            "message" if ticket.is_open else "checks",
            ticket.get_absolute_url(),
            ticket.customer.name if by.is_staff_member else _(ticket.get_state_display()),
        )
        for ticket in found[:MOST_TICKETS]
    ]


def _companies(text: str, by: User) -> list[Option]:
    return [
        Option(company.name, "building", reverse("customer", args=[company.slug]))
        for company in find_companies(text, by=by, most=MOST_PEOPLE)
    ]


def _people(text: str, by: User) -> list[Option]:
    return [
        Option(
            place.user.name,
            "user",
            reverse("customer", args=[place.customer.slug]),
            place.customer.name,
        )
        for place in find_people(text, by=by, most=MOST_PEOPLE)
    ]


def _articles(text: str, by: User) -> list[Option]:
    found = find_articles(text, reader=by)[:MOST_ARTICLES]
    return [Option(str(article), "file-text", article.get_absolute_url()) for article in found]


def _actions(on: str, by: User) -> list[Option]:
    """What can be done on the page the palette was opened on."""
    options: list[Option] = []
    page = _TICKET_PAGE.fullmatch(on)
    ticket = None
    if page is not None:
        ticket = (
            Ticket.objects.visible_to(by)
            .select_related("customer")
            .filter(number=int(page[1]))
            .first()
        )
    if ticket is not None:
        options += _ticket_actions(ticket, by)
    if on in _queues() and by.has_role(*WORKS_TICKETS):
        options.append(Option("Take next", "user-check", key="next"))
    options.append(Option(_("All shortcuts"), "help", key="?"))
    return options


def _queues() -> set[str]:
    return {reverse(name) for name in ("queue", "my_tickets", "at_risk")}


def _ticket_actions(ticket: Ticket, by: User) -> list[Option]:
    """What its page offers this person; each presses what hears its key there."""
    options = []
    name = ticket.reference
    if ticket.is_open and can_work(by, ticket):
        if ticket.assignee_id is None:
            options.append(Option(f"Take {name}", "user-check", key="t"))
        given = "Hand over" if ticket.assignee_id is not None else "Give to somebody:"
        options += [
            Option(f"{given} {name}", "user-share", key="a"),
            Option(f"Change the severity of {name}", "flag", key="v"),
            Option(f"Resolve {name}", "circle-check", key="e"),
            Option(f"Log a call on {name}", "phone-call", key="call"),
            Option(f"Merge {name} into another", "git-merge", key="merge"),
        ]
        if ticket.state != TicketState.WAITING_FOR_LAB:
            options.append(Option(f"Ask the lab about {name}", "microscope", key="lab"))
    if can_work(by, ticket):
        options.append(Option(f"Link {name} to another", "link", key="link"))
    if can_answer(by, ticket):
        options.append(Option(f"Tag {name}", "tag", key="tag"))
    if sees_as_staff(by, ticket):
        options.append(Option(f"Watch {name}, or stop", "eye", key="watch"))
    writes = can_answer(by, ticket) or can_write_as_customer(by, ticket)
    if ticket.is_open and writes:
        options.append(Option(_("Reply on %(ticket)s") % {"ticket": name}, "send", key="r"))
    if can_note(by, ticket):
        options.append(Option(f"Write a note on {name}", "lock", key="n"))
    return options


def _pages(request: HttpRequest) -> list[Option]:
    user = request.user
    assert isinstance(user, User)
    pages = [
        Option(item.label, item.icon, item.url)
        for section in navigation(request)
        for item in section.items
    ]
    if user.is_staff_member:
        queue = reverse("queue")
        pages += [
            Option("My tickets in the queue", "user", reverse("my_tickets")),
            Option("Unassigned tickets", "user-minus", f"{queue}?view=unassigned"),
            Option("Overdue tickets", "flag", f"{queue}?view=overdue"),
            Option("Waiting for customer", "clock-pause", f"{queue}?view=waiting"),
        ]
        pages += [
            Option(
                view.name, "users" if view.is_shared else "user", f"{queue}?{view.address}", "View"
            )
            for view in saved_views(user)
        ]
        if user.has_role(*WORKS_TICKETS):
            pages.append(Option("File a call", "phone", reverse("ticket_new_phone")))
    else:
        pages.append(Option(_("New ticket"), "plus", reverse("ticket_new")))
    pages.append(Option(_("Profile"), "settings", reverse("profile")))
    return pages


def _named(text: str, options: list[Option]) -> list[Option]:
    """Keep those with each word at the beginning of one of theirs."""
    wanted = text.lower().split()
    return [
        option
        for option in options
        if all(any(word.startswith(one) for word in option.label.lower().split()) for one in wanted)
    ]
