"""Addresses of tickets that both sides use: the page itself differs, its address does not."""

from django.urls import URLPattern, path

from tickets.views import (
    account_escalation,
    arranged_call,
    draft,
    escalation,
    escalation_list,
    file_upload,
    plan_promises,
    preview,
    search,
    ticket,
    ticket_news,
    ticket_pdf,
)

urlpatterns: list[URLPattern] = [
    path("search/", search.search, name="search"),
    path("tickets/<int:number>/", ticket.show_ticket, name="ticket"),
    path("tickets/<int:number>/pdf/", ticket_pdf.ticket_pdf, name="ticket_pdf"),
    path(
        "tickets/<int:number>/arranged-calls/<int:pk>/calendar/",
        arranged_call.arranged_call_file,
        name="arranged_call_file",
    ),
    path(
        "tickets/<int:number>/promises/",
        plan_promises.ticket_plan_promises,
        name="ticket_plan_promises",
    ),
    path("tickets/<int:number>/news/", ticket_news.show_news, name="ticket_news"),
    path("uploads/", file_upload.file_uploads, name="file_uploads"),
    path("uploads/<uuid:key>/", file_upload.file_upload, name="file_upload"),
    path("preview/", preview.preview, name="preview"),
    path("tickets/<int:number>/draft/", draft.save_ticket_draft, name="ticket_draft"),
    path(
        "tickets/<int:number>/draft/removal/",
        draft.remove_ticket_draft,
        name="ticket_draft_removal",
    ),
    path("escalations/", escalation_list.escalation_list, name="escalation_list"),
    path("escalations/<int:pk>/", escalation.show_escalation, name="escalation"),
    path(
        "escalations/<int:pk>/answers/",
        escalation.create_escalation_answer,
        name="escalation_answers",
    ),
    path(
        "escalations/<int:pk>/owner/", escalation.change_escalation_owner, name="escalation_owner"
    ),
    path("escalations/<int:pk>/end/", escalation.create_escalation_end, name="escalation_end"),
    path(
        "companies/<slug:slug>/escalation/",
        account_escalation.account_escalation_new,
        name="account_escalation",
    ),
]
