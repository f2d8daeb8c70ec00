"""Every address of the REST API, version 1."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from announcements.api import announcement
from entitlements.api import company, invitations, people, plan, top_ups, webhooks
from knowledge.api import article
from notifications.api import notice, preferences
from supportportal import (
    api_root,
    api_schema,  # noqa: F401 - makes the bearer token known to the schema
)
from tickets.api import (
    acknowledgement,
    arranged_call,
    assignment,
    attachment,
    bulk_reassessment,
    clock_audit,
    closure,
    escalation,
    event,
    filing,
    links,
    message,
    note,
    outbreak,
    plan_promises,
    policy_replay,
    promise,
    rating,
    reassessment,
    reopening,
    resolution,
    search,
    severity,
    tags,
    ticket,
    watchers,
)

app_name = "api"

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("plans/", plan.Plans.as_view(), name="plans"),
    path("companies/", company.Companies.as_view(), name="companies"),
    path("companies/<slug:slug>/contract/", company.ContractResource.as_view(), name="contract"),
    path(
        "companies/<slug:slug>/escalation/",
        escalation.AccountEscalation.as_view(),
        name="account_escalation",
    ),
    path("companies/<slug:slug>/people/", people.People.as_view(), name="people"),
    path("companies/<slug:slug>/seats/", people.Seats.as_view(), name="seats"),
    path("companies/<slug:slug>/seats/<int:key>/", people.Seat.as_view(), name="seat"),
    path(
        "companies/<slug:slug>/seats/<int:key>/swap/", people.SeatSwap.as_view(), name="seat_swap"
    ),
    path(
        "companies/<slug:slug>/invitations/",
        invitations.Invitations.as_view(),
        name="invitations",
    ),
    path(
        "companies/<slug:slug>/invitations/<int:key>/",
        invitations.InvitationResource.as_view(),
        name="invitation",
    ),
    path(
        "companies/<slug:slug>/invitations/<int:key>/sending/",
        invitations.InvitationSending.as_view(),
        name="invitation_sending",
    ),
    path("companies/<slug:slug>/top-ups/", top_ups.CompanyTopUps.as_view(), name="company_top_ups"),
    path("top-ups/", top_ups.TopUps.as_view(), name="top_ups"),
    path(
        "top-ups/<int:key>/withdrawal/",
        top_ups.TopUpWithdrawal.as_view(),
        name="top_up_withdrawal",
    ),
    path("top-ups/<int:key>/grant/", top_ups.TopUpGrant.as_view(), name="top_up_grant"),
    path("top-ups/<int:key>/refusal/", top_ups.TopUpRefusal.as_view(), name="top_up_refusal"),
    path("announcements/", announcement.Announcements.as_view(), name="announcements"),
    path(
        "announcements/<int:key>/",
        announcement.AnnouncementResource.as_view(),
        name="announcement",
    ),
    path(
        "announcements/<int:key>/reading/",
        announcement.Acknowledgement.as_view(),
        name="announcement_reading",
    ),
    path(
        "calendars/<slug:slug>/reassessment/",
        bulk_reassessment.CalendarReassessment.as_view(),
        name="calendar_reassessment",
    ),
    path(
        "contracts/<slug:number>/reassessment/",
        bulk_reassessment.ContractReassessment.as_view(),
        name="contract_reassessment",
    ),
    path(
        "bulk-reassessments/",
        bulk_reassessment.BulkReassessments.as_view(),
        name="bulk_reassessments",
    ),
    path(
        "bulk-reassessments/<int:key>/",
        bulk_reassessment.BulkReassessmentResource.as_view(),
        name="bulk_reassessment",
    ),
    path(
        "bulk-reassessments/<int:key>/tickets/",
        bulk_reassessment.BulkReassessmentTickets.as_view(),
        name="bulk_reassessment_tickets",
    ),
    path(
        "bulk-reassessments/<int:key>/cancellation/",
        bulk_reassessment.BulkReassessmentCancellation.as_view(),
        name="bulk_reassessment_cancellation",
    ),
    path("escalations/", escalation.Escalations.as_view(), name="escalations"),
    path("escalations/<int:key>/", escalation.EscalationResource.as_view(), name="escalation"),
    path(
        "escalations/<int:key>/answers/",
        escalation.EscalationAnswers.as_view(),
        name="escalation_answers",
    ),
    path(
        "escalations/<int:key>/owner/",
        escalation.EscalationOwner.as_view(),
        name="escalation_owner",
    ),
    path(
        "escalations/<int:key>/end/",
        escalation.EscalationEndResource.as_view(),
        name="escalation_end",
    ),
    path("notices/", notice.Notices.as_view(), name="notices"),
    path("notices/<int:key>/reading/", notice.NoticeReading.as_view(), name="notice_reading"),
    path("mail-preferences/", preferences.MailPreferences.as_view(), name="mail_preferences"),
    path("webhooks/", webhooks.StaffWebhooks.as_view(), name="webhooks"),
    path("webhooks/<int:key>/", webhooks.WebhookResource.as_view(), name="webhook"),
    path("webhooks/<int:key>/secret/", webhooks.WebhookSecret.as_view(), name="webhook_secret"),
    path("webhooks/<int:key>/state/", webhooks.WebhookState.as_view(), name="webhook_state"),
    path("webhooks/<int:key>/calls/", webhooks.WebhookCalls.as_view(), name="webhook_calls"),
    path(
        "webhooks/<int:key>/calls/<int:call>/redelivery/",
        webhooks.WebhookRedelivery.as_view(),
        name="webhook_redelivery",
    ),
    path(
        "companies/<slug:slug>/webhooks/",
        webhooks.CompanyWebhooks.as_view(),
        name="company_webhooks",
    ),
    path("clock-audits/", clock_audit.ClockAudits.as_view(), name="clock_audits"),
    path("clock-audits/<int:key>/", clock_audit.ClockAuditResource.as_view(), name="clock_audit"),
    path(
        "clock-audits/<int:key>/findings/",
        clock_audit.AuditFindings.as_view(),
        name="clock_audit_findings",
    ),
    path("policy-replays/", policy_replay.PolicyReplays.as_view(), name="policy_replays"),
    path(
        "policy-replays/<int:key>/",
        policy_replay.PolicyReplayResource.as_view(),
        name="policy_replay",
    ),
    path(
        "policy-replays/<int:key>/tickets/",
        policy_replay.ReplayFlips.as_view(),
        name="policy_replay_tickets",
    ),
    path(
        "policy-replays/<int:key>/cancellation/",
        policy_replay.ReplayCancellation.as_view(),
        name="policy_replay_cancellation",
    ),
    path("outbreaks/", outbreak.Outbreaks.as_view(), name="outbreaks"),
    path("outbreaks/<int:key>/", outbreak.OutbreakResource.as_view(), name="outbreak"),
    path(
        "outbreaks/<int:key>/tickets/", outbreak.OutbreakTickets.as_view(), name="outbreak_tickets"
    ),
    path(
        "outbreaks/<int:key>/tickets/<int:number>/",
        outbreak.OutbreakTicketResource.as_view(),
        name="outbreak_ticket",
    ),
    path(
        "outbreaks/<int:key>/broadcasts/",
        outbreak.OutbreakBroadcasts.as_view(),
        name="outbreak_broadcasts",
    ),
    path("outbreaks/<int:key>/end/", outbreak.OutbreakEnd.as_view(), name="outbreak_end"),
    path("articles/", article.Articles.as_view(), name="articles"),
    path("articles/<slug:slug>/", article.ArticleResource.as_view(), name="article"),
    path("search/", search.Search.as_view(), name="search"),
    path("filing/", filing.FilingGuide.as_view(), name="filing"),
    path("tickets/", ticket.Tickets.as_view(), name="tickets"),
    path("tickets/promise/", promise.PromisePreview.as_view(), name="promise"),
    path("tickets/promises/", plan_promises.PlanPromises.as_view(), name="plan_promises"),
    path(
        "tickets/<int:number>/promises/",
        plan_promises.TicketPlanPromises.as_view(),
        name="ticket_plan_promises",
    ),
    path("tickets/<int:number>/", ticket.TicketResource.as_view(), name="ticket"),
    path("tickets/<int:number>/messages/", message.Messages.as_view(), name="messages"),
    path("tickets/<int:number>/notes/", note.Notes.as_view(), name="notes"),
    path("tickets/<int:number>/events/", event.Events.as_view(), name="events"),
    path("tickets/<int:number>/attachments/", attachment.Attachments.as_view(), name="attachments"),
    path(
        "tickets/<int:number>/attachments/<int:key>/",
        attachment.AttachmentContent.as_view(),
        name="attachment",
    ),
    path("tickets/<int:number>/ratings/", rating.Ratings.as_view(), name="ratings"),
    path("tickets/<int:number>/calls/", arranged_call.Calls.as_view(), name="calls"),
    path("tickets/<int:number>/calls/<int:key>/", arranged_call.Call.as_view(), name="call"),
    path(
        "tickets/<int:number>/calls/<int:key>/calendar/",
        arranged_call.CallCalendar.as_view(),
        name="call_calendar",
    ),
    path("tickets/<int:number>/closure/", closure.Closure.as_view(), name="closure"),
    path("tickets/<int:number>/reopening/", reopening.Reopening.as_view(), name="reopening"),
    path("tickets/<int:number>/resolution/", resolution.Resolution.as_view(), name="resolution"),
    path("tickets/<int:number>/assignment/", assignment.Assignment.as_view(), name="assignment"),
    path(
        "tickets/<int:number>/reassessment/",
        reassessment.Reassessment.as_view(),
        name="reassessment",
    ),
    path(
        "tickets/<int:number>/escalation/",
        escalation.TicketEscalation.as_view(),
        name="ticket_escalation",
    ),
    path(
        "tickets/<int:number>/acknowledgement/",
        acknowledgement.Acknowledgement.as_view(),
        name="acknowledgement",
    ),
    path("tickets/<int:number>/severity/", severity.SeverityResource.as_view(), name="severity"),
    path("tickets/<int:number>/tags/", tags.Tags.as_view(), name="tags"),
    path("tickets/<int:number>/links/", links.Links.as_view(), name="links"),
    path("tickets/<int:number>/links/<int:key>/", links.Link.as_view(), name="link"),
    path("tickets/<int:number>/merge/", links.Merge.as_view(), name="merge"),
    path("tickets/<int:number>/split/", links.Split.as_view(), name="split"),
    path("tickets/<int:number>/watchers/", watchers.Watchers.as_view(), name="watchers"),
    path(
        "tickets/<int:number>/watchers/removal/",
        watchers.WatcherRemoval.as_view(),
        name="watcher_removal",
    ),
    re_path(r"", api_root.Nothing.as_view(), name="nothing"),
]
