"""Who gets which answer from every address and method of the API: the written table.

An address that is not in the table fails the run, and so does a method.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLPattern, reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from announcements.audience import Concern
from announcements.choices import Audience, Kind, Level
from announcements.operations import Words, announce
from entitlements.choices import Severity
from entitlements.models import Contract, Customer, TopUpRequest
from entitlements.operations.invitations import invite_person
from entitlements.operations.top_ups import request_top_up
from entitlements.policy_draft import PolicyDraft
from notifications.models import Notice
from notifications.operations.webhook_calls import send_test_call
from notifications.operations.webhooks import add_webhook
from notifications.webhook_events import customer_owner
from sla.models import Calendar, ClockAudit
from sla.operations.clock_audits import request_clock_audit
from supportportal import api_urls
from tests.factories.knowledge import make_article
from tests.programs import program_of
from tickets.choices import EscalationEnd, TicketKind
from tickets.models import BulkReassessment, CustomerEscalation, Ticket
from tickets.operations.arranged_calls import arrange_call
from tickets.operations.assignment import take_ticket
from tickets.operations.customer_escalation import escalate_as_customer
from tickets.operations.filing import file_ticket
from tickets.operations.lifecycle import resolve_ticket
from tickets.operations.outbreaks import open_outbreak
from tickets.operations.policy_replays import request_policy_replay

METHODS = ("get", "post", "put", "patch", "delete")
# Of the fixture of this name: what was made then is there when everybody asks.
TUESDAY = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
CAST = (
    "anonymous",
    "disabled",
    "contact",
    "colleague",
    "manager",
    "foreign_contact",
    "engineer",
    "analyst",
    "duty_lead",
    "tam",
    "administrator",
)


def row(*statuses: int) -> dict[str, int]:
    return dict(zip(CAST, statuses, strict=True))


# fmt: off
# The ticket is Northwind's, filed by its contact; the colleague sees own tickets only.
#                         anon dis  cont coll mana fore engi anal lead tam  admi
READ_BY_ALL        = row(401, 401, 200, 200, 200, 200, 200, 200, 200, 200, 200)
SEEN               = row(401, 401, 200, 404, 200, 404, 200, 404, 200, 200, 200)
COMPANY            = row(401, 401, 200, 200, 200, 404, 200, 404, 200, 200, 200)
NOTES_READ         = row(401, 401, 404, 404, 404, 404, 200, 404, 200, 200, 200)
TAGGED             = row(401, 401, 404, 404, 404, 404, 200, 404, 200, 200, 403)
# A ticket is neither linked to itself nor merged into itself, and has nothing to split yet.
TO_ITSELF          = row(401, 401, 403, 404, 403, 404, 422, 404, 422, 403, 403)
NO_LINK            = row(401, 401, 403, 404, 403, 404, 404, 404, 404, 403, 403)
NOT_MERGED         = row(401, 401, 403, 404, 403, 404, 409, 404, 409, 403, 403)
NO_MESSAGE         = row(401, 401, 403, 404, 403, 404, 400, 404, 400, 403, 403)
WATCHED            = row(401, 401, 200, 404, 200, 404, 200, 404, 200, 200, 200)
UNWATCHED          = row(401, 401, 422, 404, 422, 404, 200, 404, 200, 200, 200)
NOTES_WRITTEN      = row(401, 401, 404, 404, 404, 404, 201, 404, 201, 201, 201)
FILED              = row(401, 401, 201, 201, 201, 400, 201, 400, 201, 403, 403)
WRITTEN            = row(401, 401, 201, 404, 201, 404, 201, 404, 201, 201, 403)
# An open ticket is withdrawn by its customer; support has to resolve it first.
CLOSED             = row(401, 401, 200, 404, 200, 404, 409, 404, 409, 403, 403)
REOPENED           = row(401, 401, 200, 404, 200, 404, 200, 404, 200, 403, 403)
STAFF_WORK         = row(401, 401, 403, 404, 403, 404, 200, 404, 200, 403, 403)
# Customers contest what staff change.
SEVERITY           = row(401, 401, 200, 404, 200, 404, 200, 404, 200, 403, 403)
# A lead's; what was filed a moment ago has nothing to re-assess.
REASSESSED         = row(401, 401, 403, 404, 403, 404, 403, 404, 409, 403, 403)
# The customer's escalation of this ticket, its owner the duty lead on duty.
ESCALATED          = row(401, 401, 201, 404, 201, 404, 403, 404, 403, 403, 403)
ESCALATION_LED     = row(401, 401, 403, 404, 403, 404, 403, 404, 200, 403, 403)
ESCALATION_TOLD    = row(401, 401, 403, 404, 403, 404, 403, 404, 201, 403, 403)
ESCALATION_ENDED   = row(401, 401, 200, 404, 200, 404, 403, 404, 200, 403, 403)
ACCOUNT_ESCALATED  = row(401, 401, 403, 403, 201, 404, 403, 404, 201, 201, 403)
# No clock runs on this ticket, so there is nothing to acknowledge.
ACKNOWLEDGED       = row(401, 401, 403, 404, 403, 404, 409, 404, 409, 409, 409)
# What several customers have in common: for those who see them all; engineers and leads lead it.
OUTBREAKS          = row(401, 401, 403, 403, 403, 403, 200, 403, 200, 403, 200)
OUTBREAK_OPENED    = row(401, 401, 403, 403, 403, 403, 201, 403, 201, 403, 403)
OUTBREAK_READ      = row(401, 401, 404, 404, 404, 404, 200, 404, 200, 404, 200)
OUTBREAK_LED       = row(401, 401, 404, 404, 404, 404, 200, 404, 200, 404, 403)
OUTBREAK_LEFT      = row(401, 401, 404, 404, 404, 404, 204, 404, 204, 404, 403)
OUTBREAK_TOLD      = row(401, 401, 404, 404, 404, 404, 201, 404, 201, 404, 403)
OWN_NOTICE         = row(401, 401, 200, 404, 404, 404, 404, 404, 404, 404, 404)
PUBLIC             = row(200, 401, 200, 200, 200, 200, 200, 200, 200, 200, 200)
NOTHING            = row(401, 401, 404, 404, 404, 404, 404, 404, 404, 404, 404)
# Northwind's webhook, a clock audit that is over, the administrator's replay under way.
AUDITS_READ        = row(401, 401, 403, 403, 403, 403, 403, 403, 200, 403, 200)
AUDIT_BEGUN        = row(401, 401, 403, 403, 403, 403, 403, 403, 201, 403, 201)
REPLAYS_READ       = row(401, 401, 403, 403, 403, 403, 403, 403, 403, 403, 200)
REPLAY_ASKED       = row(401, 401, 403, 403, 403, 403, 403, 403, 403, 403, 422)
OUR_WEBHOOKS       = row(401, 401, 403, 403, 403, 403, 403, 403, 403, 403, 200)
OUR_WEBHOOK_ADDED  = row(401, 401, 403, 403, 403, 403, 403, 403, 403, 403, 201)
THEIR_WEBHOOKS     = row(401, 401, 403, 403, 200, 404, 403, 404, 403, 403, 200)
THEIRS_ADDED       = row(401, 401, 403, 403, 201, 404, 403, 404, 403, 403, 201)
WEBHOOK            = row(401, 401, 404, 404, 200, 404, 404, 404, 404, 404, 200)
WEBHOOK_TESTED     = row(401, 401, 404, 404, 201, 404, 404, 404, 404, 404, 201)
WEBHOOK_REMOVED    = row(401, 401, 404, 404, 204, 404, 404, 404, 404, 404, 204)
# Northwind's people, a seat, an invitation, a request for incidents; its manager's own matters.
INCIDENTS_ASKED    = row(401, 401, 403, 403, 201, 404, 403, 404, 403, 403, 403)
INCIDENTS_BACK     = row(401, 401, 404, 404, 200, 404, 404, 404, 404, 403, 403)
INCIDENTS_ANSWERED = row(401, 401, 404, 404, 403, 404, 404, 404, 404, 403, 200)
COMPANY_RUN        = row(401, 401, 403, 403, 200, 404, 403, 404, 403, 403, 200)
COMPANY_ENDED      = row(401, 401, 403, 403, 204, 404, 403, 404, 403, 403, 204)
# Solved for this: its customer's people rate it.
RATED              = row(401, 401, 201, 404, 201, 404, 403, 404, 403, 403, 403)
CALL_ARRANGED      = row(401, 401, 403, 404, 403, 404, 201, 404, 201, 201, 403)
CALL_CHANGED       = row(401, 401, 403, 404, 403, 404, 200, 404, 200, 200, 403)
LEADS              = row(401, 401, 403, 403, 403, 403, 403, 403, 200, 403, 403)
# Every open clock is due when today's terms say.
NOTHING_DIFFERS    = row(401, 401, 403, 403, 403, 403, 403, 403, 409, 403, 403)
# fmt: on

OF_COMPANY = {
    "contract",
    "account_escalation",
    "company_webhooks",
    "people",
    "seats",
    "invitations",
    "company_top_ups",
}

OF_NOTHING = {
    "schema",
    "plans",
    "search",
    "articles",
    "companies",
    "filing",
    "notices",
    "tickets",
    "promise",
    "plan_promises",
    "escalations",
    "mail_preferences",
    "clock_audits",
    "policy_replays",
    "webhooks",
    "outbreaks",
    "top_ups",
    "announcements",
    "bulk_reassessments",
}

TABLE: dict[str, dict[str, dict[str, int]]] = {
    "schema": {"get": READ_BY_ALL},
    "plans": {"get": PUBLIC},
    "search": {"get": READ_BY_ALL},
    "articles": {"get": PUBLIC},
    "article": {"get": PUBLIC},
    "companies": {"get": READ_BY_ALL},
    "contract": {"get": COMPANY},
    "notices": {"get": READ_BY_ALL},
    "notice_reading": {"post": OWN_NOTICE},
    "filing": {"get": READ_BY_ALL},
    "tickets": {"get": READ_BY_ALL, "post": FILED},
    "promise": {"get": COMPANY},
    "plan_promises": {"get": COMPANY},
    "ticket_plan_promises": {"get": SEEN},
    "ticket": {"get": SEEN},
    "messages": {"get": SEEN, "post": WRITTEN},
    "notes": {"get": NOTES_READ, "post": NOTES_WRITTEN},
    "events": {"get": SEEN},
    "attachments": {"get": SEEN},
    "attachment": {"get": SEEN},
    "closure": {"post": CLOSED},
    "reopening": {"post": REOPENED},
    "resolution": {"post": STAFF_WORK},
    "assignment": {"post": STAFF_WORK, "delete": STAFF_WORK},
    "severity": {"post": SEVERITY},
    "reassessment": {"post": REASSESSED},
    "ticket_escalation": {"get": SEEN, "post": ESCALATED},
    "account_escalation": {"post": ACCOUNT_ESCALATED},
    "escalations": {"get": READ_BY_ALL},
    "escalation": {"get": SEEN},
    "escalation_answers": {"post": ESCALATION_TOLD},
    "escalation_owner": {"post": ESCALATION_LED},
    "escalation_end": {"post": ESCALATION_ENDED},
    "acknowledgement": {"post": ACKNOWLEDGED},
    "tags": {"post": TAGGED},
    "links": {"get": SEEN, "post": TO_ITSELF},
    "link": {"delete": NO_LINK},
    "merge": {"post": TO_ITSELF, "delete": NOT_MERGED},
    "split": {"post": NO_MESSAGE},
    "watchers": {"get": SEEN, "post": WATCHED},
    "watcher_removal": {"post": UNWATCHED},
    "mail_preferences": {"get": READ_BY_ALL, "put": READ_BY_ALL},
    "clock_audits": {"get": AUDITS_READ, "post": AUDIT_BEGUN},
    "clock_audit": {"get": AUDITS_READ},
    "clock_audit_findings": {"get": AUDITS_READ},
    "policy_replays": {"get": REPLAYS_READ, "post": REPLAY_ASKED},
    "policy_replay": {"get": REPLAYS_READ},
    "policy_replay_tickets": {"get": REPLAYS_READ},
    "policy_replay_cancellation": {"post": REPLAYS_READ},
    "webhooks": {"get": OUR_WEBHOOKS, "post": OUR_WEBHOOK_ADDED},
    "company_webhooks": {"get": THEIR_WEBHOOKS, "post": THEIRS_ADDED},
    "webhook": {"get": WEBHOOK, "put": WEBHOOK, "delete": WEBHOOK_REMOVED},
    "webhook_secret": {"post": WEBHOOK},
    "webhook_state": {"post": WEBHOOK},
    "webhook_calls": {"get": WEBHOOK, "post": WEBHOOK_TESTED},
    "webhook_redelivery": {"post": WEBHOOK},
    "outbreaks": {"get": OUTBREAKS, "post": OUTBREAK_OPENED},
    "outbreak": {"get": OUTBREAK_READ},
    "outbreak_tickets": {"post": OUTBREAK_LED},
    "outbreak_ticket": {"delete": OUTBREAK_LEFT},
    "outbreak_broadcasts": {"post": OUTBREAK_TOLD},
    "outbreak_end": {"post": OUTBREAK_LED},
    "people": {"get": THEIR_WEBHOOKS},
    "seats": {"post": THEIRS_ADDED},
    "seat": {"delete": COMPANY_ENDED},
    "seat_swap": {"post": COMPANY_RUN},
    "invitations": {"get": THEIR_WEBHOOKS, "post": THEIRS_ADDED},
    "invitation": {"delete": COMPANY_ENDED},
    "invitation_sending": {"post": COMPANY_RUN},
    "company_top_ups": {"post": INCIDENTS_ASKED},
    "top_ups": {"get": READ_BY_ALL},
    "top_up_withdrawal": {"post": INCIDENTS_BACK},
    "top_up_grant": {"post": INCIDENTS_ANSWERED},
    "top_up_refusal": {"post": INCIDENTS_ANSWERED},
    "announcements": {"get": READ_BY_ALL},
    "announcement": {"get": READ_BY_ALL},
    "announcement_reading": {"post": READ_BY_ALL},
    "ratings": {"get": SEEN, "post": RATED},
    "calls": {"get": SEEN, "post": CALL_ARRANGED},
    "call": {"put": CALL_CHANGED, "delete": CALL_CHANGED},
    "call_calendar": {"get": SEEN},
    "calendar_reassessment": {"get": LEADS, "post": NOTHING_DIFFERS},
    "contract_reassessment": {"get": LEADS, "post": NOTHING_DIFFERS},
    "bulk_reassessments": {"get": LEADS},
    "bulk_reassessment": {"get": LEADS},
    "bulk_reassessment_tickets": {"get": LEADS},
    "bulk_reassessment_cancellation": {"post": LEADS},
    "nothing": dict.fromkeys(METHODS, NOTHING),
}


@pytest.fixture
def ticket(
    contact: User, customer: Customer, engineer: User, duty_lead: User, support_manager: User
) -> Ticket:
    log = SimpleUploadedFile("spooler.log", b"12345", "text/plain")
    ticket = file_ticket(
        customer=customer,
        files=[log],
        by=contact,
        kind=TicketKind.BREAK_FIX,
        severity=Severity.HIGH,
        subject="Printers stopped",
        description="All of them.",
    )
    ticket = take_ticket(ticket, by=engineer)
    escalate_as_customer(ticket, reason="Nobody answers.", by=contact)
    open_outbreak(title="Update 4711", summary="Rule 7.", tickets=[ticket], by=engineer)
    return ticket


@pytest.fixture(autouse=True)
def kept(
    ticket: Ticket,
    manager: User,
    administrator: User,
    engineer: User,
    settings: LazySettings,
) -> dict[str, int]:
    """Northwind's webhook with a call, an audit that is over, a replay under way: their keys."""
    settings.WEBHOOKS_MAY_STAY_INSIDE = True
    webhook, _ = add_webhook(
        owner=customer_owner(ticket.customer_id),
        name="Chat",
        url="https://127.0.0.1/a",
        events=["filed"],
        by=manager,
    )
    call = send_test_call(webhook, by=manager)
    audit = request_clock_audit(by=administrator)
    ClockAudit.objects.update(ended_at=timezone.now())
    replay = request_policy_replay(
        PolicyDraft(edition="msa-plus"), question="On Plus?", by=administrator
    )
    contract = Contract.objects.get(customer=ticket.customer)
    invitation = invite_person(
        ticket.customer,
        email="new@northwind.example",
        is_manager=False,
        sees_company=False,
        gives_seat=False,
        by=manager,
        now=TUESDAY - timedelta(hours=1),
    )
    notice = announce(
        Words(Kind.NOTICE, Level.IMPORTANT, "Slow updates", "We work on it."),
        Concern(Audience.EVERYBODY),
        by=administrator,
        now=TUESDAY,
    )
    call_arranged = arrange_call(
        ticket,
        starts_at=TUESDAY + timedelta(days=1),
        minutes=30,
        topic="A plan",
        how="We call",
        by=engineer,
        now=TUESDAY,
    )
    run = BulkReassessment.objects.create(
        contract=contract, reason="We are closed.", began_at=TUESDAY, by=administrator
    )
    return {
        "seat": contract.seat_holdings.get().pk,
        "invitation": invitation.pk,
        "top_up": request_top_up(contract, amount=6, reason="", by=manager, now=TUESDAY).pk,
        "announcement": notice.pk,
        "call": call_arranged.pk,
        "bulk_reassessment": run.pk,
        "webhook": webhook.pk,
        "webhook_call": call.pk,
        "audit": audit.pk,
        "replay": replay.pk,
        "outbreak": ticket.outbreak_parts.get().outbreak_id,
        "number": ticket.number,
    }


@pytest.fixture
def clients(request: pytest.FixtureRequest) -> dict[str, tuple[User | None, APIClient]]:
    people: dict[str, User] = {
        name: request.getfixturevalue(name)
        for name in CAST
        if name not in {"anonymous", "disabled"}
    }
    clients: dict[str, tuple[User | None, APIClient]] = {
        name: (user, program_of(user)) for name, user in people.items()
    }
    gone = User.objects.create_user("gone@northwind.example", None, name="Gone Away")
    clients["disabled"] = (gone, program_of(gone))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    anonymous = APIClient()
    anonymous.default_format = "json"
    clients["anonymous"] = (None, anonymous)
    return clients


def routes() -> Iterator[URLPattern]:
    for pattern in api_urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        yield pattern


def methods_of(pattern: URLPattern) -> set[str]:
    view: Any = pattern.callback
    return {method for method in METHODS if hasattr(view.view_class, method)}


def test_the_table_names_every_address_and_method() -> None:
    assert {str(pattern.name): methods_of(pattern) for pattern in routes()} == {
        name: set(methods) for name, methods in TABLE.items()
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("tuesday")
def test_everybody_gets_the_answer_of_the_table(
    clients: dict[str, tuple[User | None, APIClient]],
    ticket: Ticket,
    engineer: User,
    contact: User,
    kept: dict[str, int],
) -> None:
    """One test for all cells: each request is rolled back, so that making the cast once will do."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for name, methods in TABLE.items():
        for method in methods:
            answers = found.setdefault(name, {}).setdefault(method, {})
            for role in CAST:
                user, client = clients[role]
                with transaction.atomic():
                    if name == "company_top_ups":
                        TopUpRequest.objects.all().delete()
                    if name in {"reopening", "ratings"} and method == "post":
                        resolve_ticket(ticket, resolution="Update 4711 solves it.", by=engineer)
                    if name == "assignment" and method == "post":
                        Ticket.objects.filter(pk=ticket.pk).update(assignee=None)
                    if (name, method) == ("ticket_escalation", "post"):
                        CustomerEscalation.objects.update(
                            ended_at=timezone.now(), ended_how=EscalationEnd.AGREED
                        )
                    address, sent = (
                        _address(name, ticket, contact, kept),
                        _sent(name, method, user, ticket),
                    )
                    answer = getattr(client, method)(address, **sent)
                    answers[role] = answer.status_code
                    if answer.streaming:
                        list(answer)  # To its end, which closes the file.
                    transaction.set_rollback(True)
    assert found == TABLE


@pytest.mark.django_db
def test_a_method_that_is_not_in_the_table_is_405(
    clients: dict[str, tuple[User | None, APIClient]],
    ticket: Ticket,
    contact: User,
    kept: dict[str, int],
) -> None:
    _, client = clients["contact"]
    for pattern in routes():
        name = str(pattern.name)
        for method in set(METHODS) - set(TABLE[name]):
            answer = getattr(client, method)(_address(name, ticket, contact, kept))
            assert answer.status_code == 405, (name, method)


def _address(name: str, ticket: Ticket, contact: User, kept: dict[str, int]) -> str:
    if name == "nothing":
        return reverse("api:tickets") + "nowhere/at/all"
    if name in OF_NOTHING:
        return reverse(f"api:{name}")
    keys: list[object] = list(_keys_of(name, kept)) or _parts_of(name, ticket, contact, kept)
    return reverse(f"api:{name}", args=keys or [ticket.number])


def _parts_of(name: str, ticket: Ticket, contact: User, kept: dict[str, int]) -> list[object]:
    """What stands in the address of something that is not named by its key alone."""
    slug = ticket.customer.slug
    if name in OF_COMPANY:
        return [slug]
    if name.startswith("escalation"):
        return [ticket.escalations.latest("pk").pk]
    parts: dict[str, Callable[[], list[object]]] = {
        "seat": lambda: [slug, kept["seat"]],
        "seat_swap": lambda: [slug, kept["seat"]],
        "invitation": lambda: [slug, kept["invitation"]],
        "invitation_sending": lambda: [slug, kept["invitation"]],
        "call": lambda: [ticket.number, kept["call"]],
        "call_calendar": lambda: [ticket.number, kept["call"]],
        "calendar_reassessment": lambda: [Calendar.objects.earliest("pk").key],
        "contract_reassessment": lambda: [ticket.customer.contracts.get().number],
        "notice_reading": lambda: [Notice.objects.filter(recipient=contact).earliest("pk").pk],
        "article": lambda: [make_article().slug],
        "attachment": lambda: [ticket.number, ticket.attachments.get().pk],
        "link": lambda: [ticket.number, 1],
    }
    return parts[name]() if name in parts else []


def _keys_of(name: str, kept: dict[str, int]) -> list[int]:
    """The keys in the address of something kept: "webhook_calls" is of the webhook."""
    if name == "webhook_redelivery":
        return [kept["webhook"], kept["webhook_call"]]
    if name == "outbreak_ticket":
        return [kept["outbreak"], kept["number"]]
    beginnings = {
        "webhook": "webhook",
        "clock_audit": "audit",
        "policy_replay": "replay",
        "outbreak": "outbreak",
        "top_up": "top_up",
        "announcement": "announcement",
        "bulk_reassessment": "bulk_reassessment",
    }
    return [
        kept[key]
        for beginning, key in beginnings.items()
        if name == beginning or name.startswith(f"{beginning}_")
    ]


def _sent(name: str, method: str, user: User | None, ticket: Ticket) -> dict[str, Any]:
    if name == "promise":
        query = {"company": "northwind-logistics", "kind": "break_fix", "severity": "2"}
        return {"data": query, "format": None} if method == "get" else {"data": query}
    if name == "plan_promises":
        query = {"company": "northwind-logistics", "severity": "2"}
        return {"data": query, "format": None} if method == "get" else {"data": query}
    if (name, method) == ("mail_preferences", "put"):
        return {"data": {"digest_at": "07:30"}}
    webhook = {"name": "Pager", "url": "https://127.0.0.1/b", "events": ["filed"]}
    if (name, method) == ("webhook", "put"):
        return {"data": webhook}
    if (name, method) == ("call", "put"):
        return {"data": {"starts_at": "2026-03-12T15:00:00Z"}}
    if method != "post":
        return {}
    is_staff = user is not None and user.is_staff_member
    bodies: dict[str, dict[str, Any]] = {
        "tickets": {
            "company": "northwind-logistics",
            "kind": "break_fix",
            "severity": 2,
            "subject": "Printers stopped",
            "description": "All of them.",
        },
        "messages": {"body": "Any news?"} | ({"qualified": False} if is_staff else {}),
        "tags": {"add": ["rule-7"]},
        "links": {"kind": "related", "ticket": ticket.number},
        "merge": {"into": ticket.number, "reason": "They are one."},
        "split": {"message": 0, "subject": "Another matter"},
        "watchers": {"watcher": "me"},
        "watcher_removal": {"watcher": "me"},
        "notes": {"body": "Looks like rule 7."},
        "reopening": {"reason": "It is back."},
        "resolution": {"resolution": "Update 4711 solves it."},
        "assignment": {"assignee": "me"},
        "reassessment": {"basis": "calendar", "reason": "We are closed."},
        "ticket_escalation": {"reason": "We need a plan."},
        "account_escalation": {"reason": "We need a plan."},
        "escalation_answers": {"body": "Mara has it.", "next_word_in_hours": 4},
        "escalation_owner": {"owner": "jonas.lindqvist@orrin.example", "reason": "Yours."},
        "escalation_end": {
            "how": "agreed" if is_staff else "withdrawn",
            "reason": "We talked.",
        },
        "severity": {"severity": 1, "reason": "Nothing can be shipped."},
        # The administrator has one under way already.
        "policy_replays": {"question": "On Business?", "policy": {"edition": "msa-business"}},
        "webhooks": webhook,
        "company_webhooks": webhook,
        "webhook_state": {"is_on": False},
        "outbreaks": {"title": "Rule 7", "summary": "Drivers.", "tickets": [ticket.number]},
        "outbreak_tickets": {"tickets": [ticket.number]},
        "outbreak_broadcasts": {"body": "We withdrew the rule.", "qualified": True},
        "seats": {"person": "daniel.osei@northwind-logistics.example"},
        "seat_swap": {"person": "daniel.osei@northwind-logistics.example"},
        "invitations": {"email": "other@northwind.example"},
        "company_top_ups": {"amount": 6},
        "top_up_grant": {"amount": 6},
        "top_up_refusal": {"answer": "Ask for a plan."},
        "ratings": {"score": 3},
        "calls": {
            "starts_at": "2026-03-12T15:00:00Z",
            "topic": "A plan",
            "how": "We call you",
        },
        "calendar_reassessment": {
            "seen": Calendar.objects.earliest("pk").current.number,
            "reason": "We are closed.",
        },
        "contract_reassessment": {"seen": 0, "reason": "We are closed."},
        "outbreak_end": {"resolution": "Update 4712 restores the drivers."},
    }
    return {"data": bodies.get(name, {})}
