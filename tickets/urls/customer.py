"""Addresses of tickets for the customer side."""

from django.urls import URLPattern, path

from tickets.views import (
    attachment,
    closure,
    draft,
    filing,
    filing_promises,
    filing_similar,
    home,
    message,
    plan_outlook,
    plan_promises,
    rating,
    reopening,
    sample,
    severity_contest,
    ticket_escalation,
    ticket_export,
    ticket_list,
    watching,
)

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("companies/<slug:slug>/", home.company_home, name="company_home"),
    path(
        "companies/<slug:slug>/outlook/<slug:key>/",
        plan_outlook.plan_outlook,
        name="plan_outlook",
    ),
    path("tickets/", ticket_list.ticket_list, name="ticket_list"),
    path("tickets/export/<slug:form>/", ticket_export.ticket_export, name="ticket_export"),
    path("tickets/new/", filing.ticket_new, name="ticket_new"),
    path("tickets/new/draft/", draft.save_filing_draft, name="filing_draft"),
    path("tickets/new/draft/removal/", draft.remove_filing_draft, name="filing_draft_removal"),
    path("tickets/promises/", plan_promises.plan_promises, name="plan_promises"),
    path("tickets/promise/", filing_promises.ticket_promise, name="ticket_promise"),
    path("tickets/new/similar/", filing_similar.filing_similar, name="filing_similar"),
    path("tickets/<int:number>/messages/", message.create_message, name="ticket_messages"),
    path("tickets/<int:number>/closure/", closure.create_closure, name="ticket_closure"),
    path("tickets/<int:number>/rating/", rating.create_rating, name="ticket_rating"),
    path("ratings/<str:token>/", rating.rate_by_mail, name="rating_by_mail"),
    path("tickets/<int:number>/reopening/", reopening.create_reopening, name="ticket_reopening"),
    path(
        "tickets/<int:number>/severity-contest/",
        severity_contest.create_severity_contest,
        name="ticket_severity_contest",
    ),
    path(
        "tickets/<int:number>/escalation/",
        ticket_escalation.create_ticket_escalation,
        name="ticket_escalation",
    ),
    path("tickets/<int:number>/watchers/", watching.create_watcher, name="ticket_watchers"),
    path(
        "tickets/<int:number>/watchers/<int:pk>/removal/",
        watching.remove_watcher_of_ticket,
        name="ticket_watcher_removal",
    ),
    # Both sides download here: what hangs on a note is never found for a customer.
    path(
        "tickets/<int:number>/attachments/<int:pk>/",
        attachment.attachment,
        name="attachment",
    ),
    path(
        "tickets/<int:number>/attachments/<int:pk>/sample/",
        sample.attachment_sample,
        name="attachment_sample",
    ),
    path(
        "tickets/<int:number>/attachments/<int:pk>/sample-mark/",
        sample.create_sample_mark,
        name="attachment_sample_mark",
    ),
]
