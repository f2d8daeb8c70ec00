"""Who gets which answer from GET on every page address: the written table.

An address that is not in the table fails the run. The same crawl proves that no GET changes a row.
"""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.choices import TokenScope
from accounts.operations import create_api_token
from announcements.audience import Concern
from announcements.choices import Audience, Kind, Level
from announcements.operations import Words as AnnouncementWords
from announcements.operations import announce
from entitlements.choices import Severity
from entitlements.models import Plan
from entitlements.operations.invitations import invite_person
from entitlements.operations.plan_requests import request_plan
from entitlements.operations.top_ups import request_top_up
from entitlements.policy_draft import PolicyDraft
from notifications.models import Delivery, Notice, Webhook, WebhookCall
from notifications.sealing import seal
from notifications.signing import new_secret
from notifications.webhook_events import STAFF as OURS
from sla.choices import DutyRole
from sla.models import Heartbeat
from sla.operations import beat_heart
from sla.operations.clock_audits import request_clock_audit
from sla.operations.roster_feeds import make_roster_feed
from sla.operations.shift_patterns import plan_pattern
from sla.operations.shifts import add_shift
from tests.factories.knowledge import make_article
from tickets.choices import FieldKind, TicketKind
from tickets.models import CannedAnswer, Product
from tickets.operations.arranged_calls import arrange_call
from tickets.operations.conversation import answer_ticket, write_message
from tickets.operations.customer_escalation import escalate_as_customer
from tickets.operations.file_uploads import begin_upload
from tickets.operations.filing import file_ticket
from tickets.operations.filing_fields import add_filing_field
from tickets.operations.outbreaks import open_outbreak
from tickets.operations.policy_replays import request_policy_replay
from tickets.rating_links import rating_token

BACKEND = settings.AUTHENTICATION_BACKENDS[0]
CAST = ("anonymous", "contact", "manager", "foreign_contact", "engineer", "tam", "administrator")
# fmt: off
#                                   anon cont mana fore engi tam  admi
FOR_ALL             = (200, 200, 200, 200, 200, 200, 200)
SIGNED_IN           = (302, 200, 200, 200, 200, 200, 200)
LED_ON              = (302, 302, 302, 302, 302, 302, 302)  # to sign in, to the start, to confirm
NOT_YET             = (302, 404, 404, 404, 404, 404, 404)  # without an authenticator app
TICKET              = (302, 200, 200, 404, 200, 200, 200)
CUSTOMER_SIDE       = (302, 200, 200, 200, 302, 302, 302)  # staff are led to their own pages
OWN_COMPANY         = (302, 200, 200, 404, 302, 302, 302)
STAFF               = (302, 404, 404, 404, 200, 200, 200)
STAFF_READ          = (302, 403, 403, 403, 200, 200, 200)
ADMINISTRATOR       = (302, 403, 403, 403, 403, 403, 200)
ADMINISTRATOR_ONLY  = (302, 404, 404, 404, 404, 404, 200)
OF_CUSTOMER         = (302, 403, 403, 404, 200, 200, 200)  # the pages of staff about one customer
OF_CUSTOMER_WRITTEN = (302, 403, 403, 404, 403, 403, 200)
PEOPLE_OF_CUSTOMER  = (302, 403, 200, 404, 403, 403, 200)  # the company manager's too
OF_MANAGER          = (302, 403, 200, 404, 403, 403, 403)
PLAN_REQUESTS       = (302, 403, 403, 403, 403, 200, 200)
FIGURES             = (302, 404, 404, 404, 403, 200, 200)  # leads, and TAMs of their own
LEADS_ONLY          = (302, 404, 404, 404, 403, 403, 200)
ROSTER_PLANNED      = (302, 404, 404, 404, 403, 403, 200)
BY_ADMINISTRATOR    = (302, 404, 404, 404, 403, 403, 200)  # and others see nothing there
CANNED_ANSWERS      = (302, 404, 404, 404, 200, 200, 404)  # those who answer customers
DEED                = (302, 404, 404, 404, 200, 403, 403)  # a form of those who work on tickets
CHANGE              = (302, 405, 405, 405, 405, 405, 405)  # changes are POST only
CHANGE_BY_STAFF     = (405, 405, 405, 405, 405, 405, 405)
CHANGE_BY_SCRIPT    = (405, 405, 405, 405, 405, 405, 405)  # the signed out get 401, no page

TABLE: dict[str, tuple[int, ...]] = {
    "accounts/login/": (200, 302, 302, 302, 302, 302, 302),
    "accounts/logout/": SIGNED_IN,
    "accounts/inactive/": FOR_ALL,
    "accounts/signup/": (200, 302, 302, 302, 302, 302, 302),
    "accounts/reauthenticate/": SIGNED_IN,
    "accounts/email/": (404, 404, 404, 404, 404, 404, 404),
    "accounts/confirm-email/": FOR_ALL,
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": FOR_ALL,
    "accounts/password/change/": SIGNED_IN,
    "accounts/password/set/": LED_ON,
    "accounts/password/reset/": FOR_ALL,
    "accounts/password/reset/done/": FOR_ALL,
    "accounts/password/reset/key/done/": FOR_ALL,
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": FOR_ALL,
    "accounts/login/code/confirm/": LED_ON,
    "accounts/2fa/": SIGNED_IN,
    "accounts/2fa/authenticate/": LED_ON,
    "accounts/2fa/reauthenticate/": LED_ON,
    "accounts/2fa/totp/activate/": LED_ON,
    "accounts/2fa/totp/deactivate/": NOT_YET,
    "accounts/2fa/recovery-codes/": NOT_YET,
    "accounts/2fa/recovery-codes/generate/": LED_ON,
    "accounts/2fa/recovery-codes/download/": NOT_YET,
    "language/": CHANGE_BY_STAFF,
    "profile/": SIGNED_IN,
    "profile/mail/": SIGNED_IN,
    "kept-text/removal/": CHANGE,
    "profile/devices/end/": CHANGE,
    "profile/devices/<int:pk>/end/": CHANGE,
    "profile/tokens/": CHANGE,
    "profile/tokens/<int:key>/revocation/": CHANGE,
    "health/": FOR_ALL,
    "health/live/": FOR_ALL,
    "metrics": (404, 404, 404, 404, 404, 404, 404),  # for a program with the token
    "status/": (302, 404, 404, 404, 403, 403, 200),
    "api/": SIGNED_IN,
    "components/": (404, 404, 404, 404, 200, 200, 200),
    "notices/": SIGNED_IN,
    "notices/<int:pk>/": CHANGE,
    "notices/reading/": CHANGE,
    "webhooks/": ADMINISTRATOR_ONLY,
    "webhooks/new/": ADMINISTRATOR_ONLY,
    "webhooks/<int:pk>/": ADMINISTRATOR_ONLY,
    "webhooks/<int:pk>/secret/": CHANGE,
    "webhooks/<int:pk>/test/": CHANGE,
    "webhooks/<int:pk>/state/": CHANGE,
    "webhooks/<int:pk>/removal/": CHANGE,
    "webhooks/<int:pk>/calls/<int:call>/redelivery/": CHANGE,
    "": CUSTOMER_SIDE,
    "companies/<slug:slug>/": OWN_COMPANY,
    "companies/": LED_ON,
    "companies/<slug:slug>/plan/": OWN_COMPANY,
    "companies/<slug:slug>/people/": OWN_COMPANY,
    "companies/<slug:slug>/history/": OF_MANAGER,
    "companies/<slug:slug>/people/<int:pk>/return/": CHANGE,
    "companies/<slug:slug>/people/<int:pk>/night-calls/": CHANGE,
    "companies/<slug:slug>/incidents/": OWN_COMPANY,
    "companies/<slug:slug>/top-ups/": CHANGE,
    "companies/<slug:slug>/top-ups/<int:pk>/withdrawal/": CHANGE,
    "companies/<slug:slug>/invitations/new/": PEOPLE_OF_CUSTOMER,
    "companies/<slug:slug>/invitations/<int:pk>/sending/": CHANGE,
    "companies/<slug:slug>/invitations/<int:pk>/withdrawal/": CHANGE,
    "companies/<slug:slug>/outlook/<slug:key>/": (302, 403, 200, 404, 302, 302, 302),
    "invitations/<slug:secret>/": FOR_ALL,  # the secret is in the address
    "top-ups/": PLAN_REQUESTS,
    "top-ups/<int:pk>/": PLAN_REQUESTS,
    "tickets/": CUSTOMER_SIDE,
    "tickets/export/<slug:form>/": CUSTOMER_SIDE,
    "tickets/new/": CUSTOMER_SIDE,
    "tickets/new/draft/": CHANGE_BY_SCRIPT,
    "tickets/new/draft/removal/": CHANGE,
    "tickets/<int:number>/draft/": CHANGE_BY_SCRIPT,
    "tickets/<int:number>/draft/removal/": CHANGE,
    "tickets/promises/": (302, 404, 404, 404, 302, 302, 302),  # without a severity
    "tickets/<int:number>/promises/": TICKET,
    "tickets/<int:number>/pdf/": TICKET,
    "tickets/promise/": (204, 200, 200, 200, 404, 404, 404),
    "tickets/new/similar/": (204, 200, 200, 200, 404, 404, 404),
    "products/": ROSTER_PLANNED,
    "products/new/": ROSTER_PLANNED,
    "products/<int:pk>/": ROSTER_PLANNED,
    "products/<int:pk>/retirement/": CHANGE_BY_STAFF,
    "filing-questions/new/": ROSTER_PLANNED,
    "filing-questions/<int:pk>/": ROSTER_PLANNED,
    "filing-questions/<int:pk>/retirement/": CHANGE_BY_STAFF,
    "database-builds/": STAFF,
    "tickets/<int:number>/": TICKET,
    "tickets/<int:number>/attachments/<int:pk>/": TICKET,
    "tickets/<int:number>/attachments/<int:pk>/sample/": TICKET,
    "tickets/<int:number>/attachments/<int:pk>/sample-mark/": CHANGE,
    "uploads/": (401, 405, 405, 405, 405, 405, 405),
    "uploads/<uuid:key>/": (401, 200, 404, 404, 404, 404, 404),  # the contact's own alone
    "tickets/<int:number>/messages/": CHANGE,
    "tickets/<int:number>/closure/": CHANGE,
    "tickets/<int:number>/reopening/": CHANGE,
    "tickets/<int:number>/rating/": CHANGE,
    "tickets/<int:number>/arranged-calls/": CHANGE_BY_STAFF,
    "tickets/<int:number>/arranged-calls/<int:pk>/time/": CHANGE_BY_STAFF,
    "tickets/<int:number>/arranged-calls/<int:pk>/cancellation/": CHANGE_BY_STAFF,
    "tickets/<int:number>/arranged-calls/<int:pk>/calendar/": TICKET,
    "ratings/<str:token>/": FOR_ALL,  # signed, for one person and one ticket
    "tickets/<int:number>/severity-contest/": CHANGE,
    "tickets/<int:number>/escalation/": CHANGE,
    "tickets/<int:number>/watchers/": CHANGE,
    "tickets/<int:number>/watchers/<int:pk>/removal/": CHANGE,
    "search/": SIGNED_IN,
    "palette/": SIGNED_IN,
    "escalations/": SIGNED_IN,
    "escalations/<int:pk>/": TICKET,
    "escalations/<int:pk>/answers/": CHANGE,
    "escalations/<int:pk>/owner/": CHANGE,
    "escalations/<int:pk>/end/": CHANGE,
    "companies/<slug:slug>/escalation/": (302, 403, 200, 404, 403, 200, 403),
    "work/": STAFF,
    "live/": (401, 404, 404, 404, 200, 200, 200),  # without a ticket: the queue
    "queue/": STAFF,
    "queue/mine/": STAFF,
    "queue/at-risk/": STAFF,
    "queue/changes/": (302, 404, 404, 404, 204, 204, 204),
    "queue/customers/": STAFF,
    "queue/tags/": STAFF,
    "queue/tags/names/": STAFF,
    "queue/next/": CHANGE_BY_STAFF,
    "queue/selection/": CHANGE_BY_STAFF,
    "queue/layout/": CHANGE_BY_STAFF,
    "queue/<int:number>/place/": STAFF,
    "queue/views/": STAFF,
    "queue/views/opening/": CHANGE_BY_STAFF,
    "queue/views/<int:pk>/change/": CHANGE_BY_STAFF,
    "queue/views/<int:pk>/removal/": CHANGE_BY_STAFF,
    "tickets/new/phone/": (302, 404, 404, 404, 200, 403, 403),
    "tickets/<int:number>/answers/": CHANGE_BY_STAFF,
    "tickets/<int:number>/notes/": CHANGE_BY_STAFF,
    "tickets/<int:number>/assignment/": CHANGE_BY_STAFF,
    "tickets/<int:number>/assignment/removal/": CHANGE_BY_STAFF,
    "tickets/<int:number>/resolution/": CHANGE_BY_STAFF,
    "tickets/<int:number>/severity/": CHANGE_BY_STAFF,
    "tickets/<int:number>/reassessment/": CHANGE_BY_STAFF,
    "tickets/<int:number>/lab-request/": CHANGE_BY_STAFF,
    "tickets/<int:number>/lab-answer/": CHANGE_BY_STAFF,
    "tickets/<int:number>/calls/": CHANGE_BY_STAFF,
    "tickets/<int:number>/messages/<int:message>/overturning/": CHANGE_BY_STAFF,
    "tickets/<int:number>/excuse/": CHANGE_BY_STAFF,
    "tickets/<int:number>/tags/": CHANGE_BY_STAFF,
    "outbreaks/": (302, 404, 404, 404, 200, 403, 200),
    "outbreaks/new/": (302, 404, 404, 404, 200, 403, 403),
    "outbreaks/selection/": CHANGE_BY_STAFF,
    "outbreaks/<int:pk>/": (302, 404, 404, 404, 200, 403, 200),
    "outbreaks/<int:pk>/tickets/": CHANGE_BY_STAFF,
    "outbreaks/<int:pk>/tickets/<int:number>/removal/": CHANGE_BY_STAFF,
    "outbreaks/<int:pk>/broadcasts/": CHANGE_BY_STAFF,
    "outbreaks/<int:pk>/owner/": CHANGE_BY_STAFF,
    "outbreaks/<int:pk>/end/": CHANGE_BY_STAFF,
    "tickets/<int:number>/similar/": STAFF,
    "tickets/<int:number>/links/": DEED,
    "tickets/<int:number>/links/<int:pk>/removal/": CHANGE_BY_STAFF,
    "tickets/<int:number>/merge/": DEED,
    "tickets/<int:number>/merge/removal/": CHANGE_BY_STAFF,
    "tickets/<int:number>/split/": DEED,
    "tickets/<int:number>/watching/": CHANGE_BY_STAFF,
    "tickets/<int:number>/watching/removal/": CHANGE_BY_STAFF,
    "announcements/": FOR_ALL,
    "announcements/new/": (302, 404, 404, 404, 403, 403, 200),
    "announcements/<int:pk>/": FOR_ALL,
    "announcements/<int:pk>/edit/": (302, 404, 404, 404, 403, 403, 200),
    "announcements/<int:pk>/reading/": CHANGE,
    "announcements/<int:pk>/updates/": CHANGE_BY_STAFF,
    "announcements/<int:pk>/end/": CHANGE_BY_STAFF,
    "knowledge/": FOR_ALL,
    "knowledge/new/": (302, 404, 404, 404, 200, 404, 404),
    "knowledge/drafts/": (302, 404, 404, 404, 200, 404, 404),
    "knowledge/<slug:slug>/": FOR_ALL,
    # No picture has this key.
    "knowledge/images/<slug:key>/": (404, 404, 404, 404, 404, 404, 404),
    "knowledge/images/<slug:key>/removal/": CHANGE_BY_STAFF,
    "knowledge/<slug:slug>/images/": CHANGE_BY_STAFF,
    "knowledge/<slug:slug>/vote/": CHANGE,
    "knowledge/<slug:slug>/edit/": (302, 404, 404, 404, 200, 404, 404),
    "knowledge/<slug:slug>/versions/": STAFF,
    "knowledge/<slug:slug>/draft/removal/": CHANGE_BY_STAFF,
    "knowledge/<slug:slug>/review/": CHANGE_BY_STAFF,
    "knowledge/<slug:slug>/review/removal/": CHANGE_BY_STAFF,
    "knowledge/<slug:slug>/publication/": CHANGE_BY_STAFF,
    "knowledge/<slug:slug>/retirement/": CHANGE_BY_STAFF,
    "knowledge/<slug:slug>/retirement/removal/": CHANGE_BY_STAFF,
    "tickets/<int:number>/article/": (302, 404, 404, 404, 200, 403, 403),
    "plans/": FOR_ALL,
    "plans/<slug:key>/": FOR_ALL,
    "plans/<slug:key>/request/": FOR_ALL,
    "plans/<slug:key>/request/sent/": FOR_ALL,
    "customers/": STAFF_READ,
    "customers/new/": ADMINISTRATOR,
    "customers/<slug:slug>/": OF_CUSTOMER,
    "customers/<slug:slug>/edit/": OF_CUSTOMER_WRITTEN,
    "customers/<slug:slug>/people/new/": OF_CUSTOMER_WRITTEN,
    "customers/<slug:slug>/people/<int:pk>/": PEOPLE_OF_CUSTOMER,
    "customers/<slug:slug>/people/<int:pk>/removal/": CHANGE,
    "customers/<slug:slug>/webhooks/": PEOPLE_OF_CUSTOMER,
    "customers/<slug:slug>/webhooks/new/": PEOPLE_OF_CUSTOMER,
    "customers/<slug:slug>/contracts/new/": OF_CUSTOMER_WRITTEN,
    "contracts/": STAFF_READ,
    "contracts/<slug:number>/": OF_CUSTOMER,
    "contracts/<slug:number>/amendments/new/": OF_CUSTOMER_WRITTEN,
    "contracts/<slug:number>/credits/": CHANGE,
    "contracts/<slug:number>/seats/": CHANGE,
    "contracts/<slug:number>/seats/<int:pk>/return/": CHANGE,
    "contracts/<slug:number>/seats/<int:pk>/swap/": CHANGE,
    "plan-requests/": PLAN_REQUESTS,
    "plan-requests/<int:pk>/": PLAN_REQUESTS,
    "ladders/": STAFF,
    "ladders/<slug:key>/": STAFF,
    "ladders/<slug:key>/edit/": ROSTER_PLANNED,
    "tickets/<int:number>/acknowledgement/": CHANGE_BY_STAFF,
    "editions/": STAFF_READ,
    "editions/<slug:key>/objectives/": ADMINISTRATOR,
    "calendars/": STAFF_READ,
    "calendars/<slug:key>/": STAFF_READ,
    "calendars/new/": BY_ADMINISTRATOR,
    "calendars/<slug:key>/edit/": BY_ADMINISTRATOR,
    "calendars/<slug:key>/tickets/": STAFF,
    "contracts/<slug:number>/tickets/": (302, 404, 404, 404, 200, 200, 200),
    "reassessments/<int:pk>/": (302, 404, 404, 404, 403, 403, 403),  # a lead's
    "reassessments/<int:pk>/progress/": (302, 404, 404, 404, 403, 403, 403),
    "reassessments/<int:pk>/cancellation/": CHANGE_BY_STAFF,
    "people/": ADMINISTRATOR,
    "people/new/": ADMINISTRATOR,
    "people/<int:pk>/": ADMINISTRATOR,
    "preview/": CHANGE,
    "tickets/<int:number>/news/": (302, 204, 204, 404, 204, 204, 204),  # since no event
    "tickets/<int:number>/typing/": CHANGE_BY_SCRIPT,
    "tickets/<int:number>/sendings/<int:pk>/removal/": CHANGE_BY_STAFF,
    "tickets/<int:number>/colleagues/": STAFF,
    "tickets/<int:number>/canned-answers/": (302, 404, 404, 404, 200, 200, 404),
    "canned-answers/": CANNED_ANSWERS,
    "canned-answers/new/": CANNED_ANSWERS,
    "canned-answers/<int:pk>/": CANNED_ANSWERS,
    "canned-answers/<int:pk>/removal/": CHANGE_BY_STAFF,
    "insight/": FIGURES,
    "insight/tickets/": FIGURES,
    "insight/<slug:figure>.csv": FIGURES,
    "clock-audits/": LEADS_ONLY,
    "clock-audits/new/": CHANGE_BY_STAFF,
    "clock-audits/<int:pk>/": LEADS_ONLY,
    "clock-audits/<int:pk>/progress/": LEADS_ONLY,
    "policy-replays/": LEADS_ONLY,
    "policy-replays/new/": LEADS_ONLY,
    "policy-replays/<int:pk>/": LEADS_ONLY,
    "policy-replays/<int:pk>/progress/": LEADS_ONLY,
    "policy-replays/<int:pk>/cancellation/": CHANGE_BY_STAFF,
    "roster/": STAFF,
    "roster/shifts/new/": ROSTER_PLANNED,
    "roster/shifts/<int:pk>/": STAFF,
    "roster/shifts/<int:pk>/giving/": CHANGE_BY_STAFF,
    "roster/shifts/<int:pk>/swap/": CHANGE_BY_STAFF,
    "roster/shifts/<int:pk>/removal/": CHANGE_BY_STAFF,
    "roster/shifts/<int:pk>/hand-over/": CHANGE_BY_STAFF,
    "roster/patterns/new/": ROSTER_PLANNED,
    "roster/patterns/<int:pk>/end/": ROSTER_PLANNED,
    "roster/feed/": CHANGE_BY_STAFF,
    "roster/feed/revocation/": CHANGE_BY_STAFF,
    "roster/<str:token>.ics": FOR_ALL,  # the secret is in the address
}
# fmt: on

# What a GET may change, and why.
MAY_CHANGE = {
    # Those who look at it have read of it, and staff have seen it.
    "tickets/<int:number>/": {"notifications_notice", "tickets_ticketlook"},
    "escalations/<int:pk>/": {"notifications_notice"},
}


@pytest.fixture
def arguments(request: pytest.FixtureRequest, tuesday: datetime) -> dict[str, dict[str, str]]:
    """Sample values of the addresses' parts, by the beginning of the address; all of Northwind."""
    contact, colleague, engineer, administrator, customer, contract = (
        request.getfixturevalue(name)
        for name in ("contact", "colleague", "engineer", "administrator", "customer", "contract")
    )
    ticket = file_ticket(
        customer=customer,
        by=contact,
        kind=TicketKind.PREMIUM,
        severity=Severity.HIGH,
        subject="Printers stopped",
        description="All of them.",
    )
    log = SimpleUploadedFile("spooler.log", b"12345", "text/plain")
    sent = write_message(ticket, body="The log.", by=contact, files=[log])
    answer = answer_ticket(ticket, body="We look.", qualified=True, by=engineer)
    escalation = escalate_as_customer(ticket, reason="We need a plan.", by=contact)
    asked = request_plan(
        Plan.objects.get(key="msa-plus"),
        company="Northwind Logistics",
        name="Priya Raman",
        email=contact.email,
        phone="",
        message="",
        customer=customer,
    )
    token, _ = create_api_token(contact, name="Sync", scope=TokenScope.READ, days=1, by=contact)
    pattern, _ = plan_pattern(
        duty=DutyRole.ENGINEER,
        weekdays=["mon"],
        starts=time(9),
        ends=time(17),
        zone="America/New_York",
        from_on=tuesday.date(),
        until_on=None,
        people=[engineer],
        weeks_each=1,
        by=administrator,
    )
    shift = add_shift(
        person=engineer,
        duty=DutyRole.ENGINEER,
        starts_at=tuesday + timedelta(hours=1),
        ends_at=tuesday + timedelta(hours=2),
        zone="America/New_York",
        by=administrator,
    )
    canned = CannedAnswer.objects.create(title="Hello", body="Hello", changed_at=tuesday)
    _, feed = make_roster_feed(by=engineer)
    webhook = Webhook.objects.create(
        owner=OURS,
        place=1,
        name="Pager",
        url="https://pager.example/",
        events=["page"],
        sealed_secret=seal(new_secret()),
        created_by=administrator,
    )
    call = WebhookCall.objects.create(webhook=webhook, key="one", event="page", body="{}")
    replay = request_policy_replay(
        PolicyDraft(edition="msa-plus"), question="On Plus?", by=administrator, now=tuesday
    )
    outbreak, _ = open_outbreak(
        title="Update 4711", summary="Rule 7.", tickets=[ticket], by=engineer
    )
    call_to_come = arrange_call(
        ticket,
        starts_at=tuesday + timedelta(days=1),
        minutes=30,
        topic="The plan",
        how="+1 617 555 0142",
        by=engineer,
    )
    announced = announce(
        AnnouncementWords(Kind.PROBLEM, Level.IMPORTANT, "Slow updates", "We work on it."),
        Concern(Audience.EVERYBODY),
        by=administrator,
    )
    upload = begin_upload(ticket, name="huge.dmp", size=10**9, by=contact)
    question = add_filing_field(label="Queue", kind=FieldKind.TEXT, by=administrator)
    holding = contract.seat_holdings.get()
    manager = request.getfixturevalue("manager")
    invitation = invite_person(
        customer,
        email="new@northwind.example",
        is_manager=False,
        sees_company=False,
        gives_seat=False,
        by=manager,
    )
    top_up = request_top_up(contract, amount=6, reason="", by=manager)
    notice = Notice.objects.filter(recipient=contact).first()
    assert notice is not None
    return {
        "": {"slug": customer.slug},
        "calendars/": {"key": "msa-business-hours"},
        "accounts/": {"key": "abc", "uidb36": "1"},
        "canned-answers/": {"pk": str(canned.pk)},
        "clock-audits/": {"pk": str(request_clock_audit(by=administrator).pk)},
        "companies/": {"pk": str(holding.membership_id), "key": "msa-enterprise"},
        "companies/<slug:slug>/top-ups/": {"pk": str(top_up.pk)},
        "companies/<slug:slug>/invitations/": {"pk": str(invitation.pk)},
        "invitations/": {"secret": invitation.secret()},
        "top-ups/": {"pk": str(top_up.pk)},
        "ratings/": {"token": rating_token(ticket, contact)},
        "contracts/": {"number": contract.number, "pk": str(holding.pk)},
        "customers/": {"slug": customer.slug, "pk": str(colleague.memberships.get().pk)},
        "escalations/": {"pk": str(escalation.pk)},
        "insight/": {"figure": "attainment"},
        "notices/": {"pk": str(notice.pk)},
        "policy-replays/": {"pk": str(replay.pk)},
        "outbreaks/": {"pk": str(outbreak.pk), "number": str(ticket.number)},
        "people/": {"pk": str(engineer.pk)},
        "products/": {"pk": str(Product.objects.create(name="Mail Gateway").pk)},
        "filing-questions/": {"pk": str(question.pk)},
        "plan-requests/": {"pk": str(asked.pk)},
        "plans/": {"key": "msa-plus"},
        "announcements/": {"pk": str(announced.pk)},
        "knowledge/": {"slug": make_article().slug, "key": "0" * 32},
        "ladders/": {"key": "high"},
        "editions/": {"key": "msa-plus"},
        "profile/": {"key": str(token.pk), "pk": "1"},
        "queue/": {"pk": "1", "number": str(ticket.number)},
        "reassessments/": {"pk": "1"},
        "roster/": {"token": feed},
        "tickets/export/": {"form": "csv"},
        "uploads/": {"key": str(upload.key)},
        "webhooks/": {"pk": str(webhook.pk), "call": str(call.pk)},
        "roster/patterns/": {"pk": str(pattern.pk)},
        "roster/shifts/": {"pk": str(shift.pk)},
        "tickets/": {
            "number": str(ticket.number),
            "pk": str(sent.attachments.get().pk),
            "message": str(answer.pk),
        },
        "tickets/<int:number>/arranged-calls/": {"pk": str(call_to_come.pk)},
    }


@pytest.fixture
def clients(request: pytest.FixtureRequest) -> dict[str, Client]:
    clients = {"anonymous": Client()}
    for name in CAST[1:]:
        clients[name] = Client()
        user = request.getfixturevalue(name)
        user.set_password("correct horse battery")
        user.save()
        clients[name].force_login(user, backend=BACKEND)
    return clients


def pages(
    resolver: URLResolver | None = None, before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Yield every page address as it is written in the urls modules, the API's left out."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield route, pattern
        elif not route.startswith("api/v1/"):
            yield from pages(pattern, route)


def address_of(route: str, arguments: dict[str, dict[str, str]]) -> str:
    """Write a route with sample values in the places of its parts."""
    values: dict[str, str] = {}
    for beginning, some in arguments.items():
        if route.startswith(beginning):
            values |= some
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route).replace("^", "").replace("$", "")
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: values[part[1]], plain)


def changed_tables() -> dict[str, int]:
    """Count the rows this transaction has written so far, by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
        )
        return dict(cursor.fetchall())


def test_the_table_names_every_page() -> None:
    assert {route for route, _ in pages()} == set(TABLE)


@pytest.mark.django_db
def test_everybody_gets_the_answer_of_the_table_and_no_get_changes_a_row(
    arguments: dict[str, dict[str, str]], clients: dict[str, Client]
) -> None:
    beat_heart(Heartbeat.WATCH)
    Delivery.objects.update(next_try_at=None)  # so that /health/ sees no mail waiting
    found, changed = {}, {}
    for route, _ in pages():
        statuses = []
        for who in CAST:
            before = changed_tables()
            answer = clients[who].get(address_of(route, arguments))
            statuses.append(answer.status_code)
            if answer.streaming:
                list(answer)  # To its end, which closes the file.
            after = changed_tables()
            tables = {name for name, rows in after.items() if rows != before.get(name, 0)}
            if tables - {"django_session"} - MAY_CHANGE.get(route, set()):
                changed[route, who] = tables
        found[route] = tuple(statuses)
    assert {route: got for route, got in found.items() if got != TABLE.get(route)} == {}
    assert changed == {}
