"""Who gets which answer from every address and method of the API: the written table.

An address that is not in the table fails the run, and so does a method.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLPattern, reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from entitlements.policy_draft import PolicyDraft
from notifications.models import Notice
from notifications.operations.webhook_calls import send_test_call
from notifications.operations.webhooks import add_webhook
from notifications.webhook_events import customer_owner
from sla.models import ClockAudit
from sla.operations.clock_audits import request_clock_audit
from supportportal import api_urls
from tests.factories.knowledge import make_article
from tests.programs import program_of
from tickets.choices import EscalationEnd, TicketKind
from tickets.models import CustomerEscalation, Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.customer_escalation import escalate_as_customer
from tickets.operations.filing import file_ticket
from tickets.operations.lifecycle import resolve_ticket
from tickets.operations.outbreaks import open_outbreak
from tickets.operations.policy_replays import request_policy_replay

METHODS = ("get", "post", "put", "patch", "delete")
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
# fmt: on

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
    ticket: Ticket, manager: User, administrator: User, settings: LazySettings
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
    return {
        "webhook": webhook.pk,
        "call": call.pk,
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
                    if name == "reopening":
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
    keys = _keys_of(name, kept)
    if keys:
        return reverse(f"api:{name}", args=keys)
    if name == "nothing":
        return reverse("api:tickets") + "nowhere/at/all"
    if name in {"contract", "account_escalation", "company_webhooks"}:
        return reverse(f"api:{name}", args=[ticket.customer.slug])
    if name.startswith("escalation") and name != "escalations":
        return reverse(f"api:{name}", args=[ticket.escalations.latest("pk").pk])
    if name == "notice_reading":
        notice = Notice.objects.filter(recipient=contact).first()
        assert notice is not None
        return reverse("api:notice_reading", args=[notice.pk])
    if name in {"article", "attachment", "link"}:
        parts: dict[str, list[object]] = {
            "article": [make_article().slug] if name == "article" else [],
            "attachment": [ticket.number, ticket.attachments.get().pk],
            "link": [ticket.number, 1],
        }
        return reverse(f"api:{name}", args=parts[name])
    if name in {
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
    }:
        return reverse(f"api:{name}")
    return reverse(f"api:{name}", args=[ticket.number])


def _keys_of(name: str, kept: dict[str, int]) -> list[int]:
    """The keys in the address of something kept: "webhook_calls" is of the webhook."""
    if name == "webhook_redelivery":
        return [kept["webhook"], kept["call"]]
    if name == "outbreak_ticket":
        return [kept["outbreak"], kept["number"]]
    beginnings = {
        "webhook": "webhook",
        "clock_audit": "audit",
        "policy_replay": "replay",
        "outbreak": "outbreak",
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
        "outbreak_end": {"resolution": "Update 4712 restores the drivers."},
    }
    return {"data": bodies.get(name, {})}
