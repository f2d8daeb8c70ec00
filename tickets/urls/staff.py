"""Addresses of tickets for the staff side."""

from django.urls import URLPattern, path

from tickets.views import (
    acknowledgement,
    answer,
    assignment,
    calendar,
    call,
    clock_audit,
    excuse,
    lab,
    ladder,
    note,
    overturning,
    phone_filing,
    policy_replay,
    queue,
    queue_selection,
    reassessment,
    resolution,
    severity,
    tags,
    watching,
)

urlpatterns: list[URLPattern] = [
    path("ladders/", ladder.show_ladders, name="ladder_list"),
    path("ladders/<slug:key>/", ladder.show_ladder, name="ladder"),
    path("ladders/<slug:key>/edit/", ladder.show_ladder_edit, name="ladder_edit"),
    path("queue/", queue.queue, name="queue"),
    path("queue/mine/", queue.my_tickets, name="my_tickets"),
    path("queue/at-risk/", queue.at_risk, name="at_risk"),
    path("queue/changes/", queue.queue_changes, name="queue_changes"),
    path("queue/next/", queue.take_next, name="queue_next"),
    path("queue/selection/", queue_selection.change_selection, name="queue_selection"),
    path("tickets/new/phone/", phone_filing.ticket_new_phone, name="ticket_new_phone"),
    path("tickets/<int:number>/answers/", answer.create_answer, name="ticket_answers"),
    path("tickets/<int:number>/notes/", note.create_note, name="ticket_notes"),
    path(
        "tickets/<int:number>/assignment/", assignment.create_assignment, name="ticket_assignment"
    ),
    path(
        "tickets/<int:number>/assignment/removal/",
        assignment.remove_assignment,
        name="ticket_assignment_removal",
    ),
    path(
        "tickets/<int:number>/resolution/", resolution.create_resolution, name="ticket_resolution"
    ),
    path("tickets/<int:number>/severity/", severity.create_severity_change, name="ticket_severity"),
    path(
        "tickets/<int:number>/reassessment/",
        reassessment.create_reassessment,
        name="ticket_reassessment",
    ),
    path("tickets/<int:number>/lab-request/", lab.create_lab_request, name="ticket_lab_request"),
    path("tickets/<int:number>/lab-answer/", lab.create_lab_answer, name="ticket_lab_answer"),
    path("tickets/<int:number>/calls/", call.create_call, name="ticket_calls"),
    path(
        "tickets/<int:number>/messages/<int:message>/overturning/",
        overturning.create_overturning,
        name="ticket_overturning",
    ),
    path(
        "tickets/<int:number>/acknowledgement/",
        acknowledgement.create_acknowledgement,
        name="ticket_acknowledgement",
    ),
    path("tickets/<int:number>/excuse/", excuse.create_excuse, name="ticket_excuse"),
    path("tickets/<int:number>/tags/", tags.create_tag_change, name="ticket_tags"),
    path("tickets/<int:number>/watching/", watching.create_watching, name="ticket_watching"),
    path(
        "tickets/<int:number>/watching/removal/",
        watching.remove_watching,
        name="ticket_watching_removal",
    ),
    path("clock-audits/", clock_audit.show_audits, name="clock_audit_list"),
    path("clock-audits/new/", clock_audit.create_audit, name="clock_audit_new"),
    path("clock-audits/<int:pk>/", clock_audit.show_audit, name="clock_audit"),
    path("clock-audits/<int:pk>/progress/", clock_audit.show_progress, name="clock_audit_progress"),
    path("calendars/new/", calendar.show_new_calendar, name="calendar_new"),
    path("calendars/<slug:key>/edit/", calendar.show_calendar_edit, name="calendar_edit"),
    path("calendars/<slug:key>/tickets/", calendar.show_calendar_tickets, name="calendar_tickets"),
    path("policy-replays/", policy_replay.show_replays, name="policy_replay_list"),
    path("policy-replays/new/", policy_replay.add_replay, name="policy_replay_new"),
    path("policy-replays/<int:pk>/", policy_replay.show_replay, name="policy_replay"),
    path(
        "policy-replays/<int:pk>/progress/",
        policy_replay.show_progress,
        name="policy_replay_progress",
    ),
    path(
        "policy-replays/<int:pk>/cancellation/",
        policy_replay.create_cancellation,
        name="policy_replay_cancellation",
    ),
]
