"""A database release and a service request have forms of their own."""

import re
import uuid
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from entitlements.models import Customer
from tests.factories.knowledge import make_article
from tests.factories.tickets import make_ticket
from tests.tickets.views.reading import words
from tickets.choices import FieldKind, TicketKind
from tickets.models import DatabaseRelease, Draft, Product, ServiceRequest, Ticket
from tickets.operations.database_builds import publish_build
from tickets.operations.filing_fields import add_filing_field
from tickets.operations.lifecycle import close_ticket, resolve_ticket

pytestmark = pytest.mark.django_db

SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def typed(about: str, **given: Any) -> dict[str, Any]:
    return {
        "about": about,
        "company": "northwind-logistics",
        "submission_key": str(uuid.uuid4()),
        "subject": "Label driver quarantined",
        "description": "Since the update.",
        "severity": "3",
        **given,
    }


def release(product: Product, **given: Any) -> dict[str, Any]:
    facts = {
        "product": product.pk,
        "finding": "false_positive",
        "build": "2026-03-10.2",
        "built_on": "2026-03-10",
        "detected_where": "lblspool64.sys on WS-0012",
        "hashes": f"{SHA.upper()}\n{SHA}",
    }
    return typed("release", **{**facts, **given})


def test_a_release_is_filed_with_its_facts(
    client: Client, contact: User, product: Product, tuesday: datetime
) -> None:
    client.force_login(contact)
    page = client.get("/tickets/new/?about=release")
    assert "Database version" in words(page)
    assert "Premium incident" not in words(page)
    sent = client.post("/tickets/new/", release(product))
    ticket = Ticket.objects.get()
    assert sent.status_code == 302
    assert ticket.kind == TicketKind.DATABASE_RELEASE
    assert ticket.debit is None
    facts = DatabaseRelease.objects.get(ticket=ticket)
    assert (facts.build, facts.hashes) == ("2026-03-10.2", [SHA])
    shown = words(client.get(ticket.get_absolute_url()))
    assert "lblspool64.sys on WS-0012" in shown
    assert SHA in shown


def test_an_older_database_is_told_which_to_update_to_and_nothing_is_lost(
    client: Client, contact: User, analyst: User, product: Product, tuesday: datetime
) -> None:
    publish_build("2026-03-10.3", by=analyst, now=tuesday)
    client.force_login(contact)
    refused = client.post("/tickets/new/", release(product))
    assert refused.status_code == 409
    assert "The latest database is 2026-03-10.3. Update to it" in words(refused)
    assert "lblspool64.sys on WS-0012" in refused.content.decode()
    assert not Ticket.objects.exists()
    assert client.post("/tickets/new/", release(product, build="2026-03-10.3")).status_code == 302


def test_a_word_that_is_no_hash_is_refused_beside_the_field(
    client: Client, contact: User, product: Product, tuesday: datetime
) -> None:
    client.force_login(contact)
    refused = client.post("/tickets/new/", release(product, hashes="12345"))
    assert refused.status_code == 422
    assert "12345 is no SHA-256, SHA-1 or MD5" in words(refused)


def test_a_service_outside_the_plan_is_refused(
    client: Client, contact: User, colleague: User, tuesday: datetime
) -> None:
    client.force_login(contact)
    assert "Remote assistance" in words(client.get("/tickets/new/?about=service"))
    sent = client.post("/tickets/new/", typed("service", service="question", suits="Fridays"))
    assert sent.status_code == 302
    request = ServiceRequest.objects.get()
    assert (request.service, request.suits) == ("question", "Fridays")
    assert request.ticket.kind == TicketKind.SERVICE
    # MSA Business includes no health check, as the catalogue says; a form without script sends it.
    refused = client.post("/tickets/new/", typed("service", service="health_check"))
    assert refused.status_code == 422
    assert "Health check is not included in MSA Business" in words(refused)


def test_each_form_has_a_draft_of_its_own(
    client: Client, contact: User, customer: Customer, product: Product
) -> None:
    client.force_login(contact)
    about = {"release": release(product), "filing": typed("filing", subject="Printing")}
    for kind, fields in about.items():
        saved = client.post("/tickets/new/draft/", {**fields, "draft": kind})
        assert saved.status_code == 200
    assert Draft.objects.count() == 2
    page = client.get("/tickets/new/?about=release").content.decode()
    assert "lblspool64.sys on WS-0012" in page
    assert "Printing" in client.get("/tickets/new/").content.decode()


def test_answers_to_questions_are_checked_beside_the_field_and_kept_in_the_draft(
    client: Client, contact: User, administrator: User, product: Product, tuesday: datetime
) -> None:
    add_filing_field(label="Queue size", kind=FieldKind.NUMBER, product=product, by=administrator)
    client.force_login(contact)
    fields = typed("filing", kind="break_fix", product=product.pk, **{"field_queue-size": "many"})
    assert client.post("/tickets/new/draft/", {**fields, "draft": "filing"}).status_code == 200
    assert 'value="many"' in client.get("/tickets/new/").content.decode()
    refused = client.post("/tickets/new/", fields)
    assert refused.status_code == 422
    assert "Queue size: write a number, such as 120." in words(refused)
    sent = client.post("/tickets/new/", {**fields, "field_queue-size": "120"})
    assert sent.status_code == 302
    assert "Queue size 120" in words(client.get(Ticket.objects.get().get_absolute_url()))


def test_without_script_the_promise_of_what_is_ticked_is_shown_before_filing(
    client: Client, contact: User, product: Product, tuesday: datetime
) -> None:
    client.force_login(contact)
    criteria = ["business affected or partly disabled", "non-critical problem or request"]
    fields = typed("filing", kind="premium", criteria=criteria, step="promise", severity="")
    page = client.post("/tickets/new/", fields)
    assert page.status_code == 200
    assert not Ticket.objects.exists()
    html = page.content.decode()
    assert 'value="Label driver quarantined"' in html
    medium = html[html.index('id="id_severity_3"') - 120 : html.index('id="id_severity_3"') + 260]
    assert " checked" in medium
    assert "We answer by Wed 11 Mar, 13:00 ET" in words(page)


def test_solved_tickets_of_the_own_company_are_offered_while_typing(
    client: Client,
    contact: User,
    engineer: User,
    customer: Customer,
    foreign_contact: User,
    foreign_customer: Customer,
    colleague: User,
) -> None:
    solved = make_ticket(contact, customer)
    resolve_ticket(solved, resolution="Restored.", seen_message=0, by=engineer, now=solved.filed_at)
    theirs = make_ticket(foreign_contact, foreign_customer)
    close_ticket(theirs, by=foreign_contact, now=theirs.filed_at)
    make_ticket(contact, customer, subject="Label-printer driver again, still open")
    client.force_login(contact)
    asked = {"company": customer.slug, "subject": "label printer driver gone"}
    answer = client.get("/tickets/new/similar/", asked).content.decode()
    assert solved.reference in answer
    assert answer.count("TK-") == 1
    unlike = {"company": customer.slug, "subject": "Mail gateway refuses printer"}
    assert "TK-" not in client.get("/tickets/new/similar/", unlike).content.decode()
    # A colleague who sees own tickets only is offered none of hers.
    client.force_login(colleague)
    assert "TK-" not in client.get("/tickets/new/similar/", asked).content.decode()


def test_articles_are_offered_while_typing_those_of_the_product_first(
    client: Client, contact: User, customer: Customer, product: Product
) -> None:
    make_article("Databases stay old behind a web cache", products=())
    make_article("Old databases of an agent", products=(product.name,))
    make_article("Old databases under Enterprise", plan_keys=("msa-enterprise",))
    client.force_login(contact)
    asked: dict[str, Any] = {"company": customer.slug, "subject": "old databases"}
    page = client.get("/tickets/new/similar/", {**asked, "product": product.pk})
    assert re.findall(r'href="(/knowledge/[^"]+)"', page.content.decode()) == [
        "/knowledge/old-databases-of-an-agent/",
        "/knowledge/databases-stay-old-behind-a-web-cache/",
    ]
    assert "Agents get yesterday’s databases" in words(page)


def test_nothing_is_offered_for_what_nothing_is_like(
    client: Client, contact: User, customer: Customer
) -> None:
    make_article()
    client.force_login(contact)
    for subject in ("", "?!", "\x00", "Printing on the third floor"):
        page = client.get("/tickets/new/similar/", {"company": customer.slug, "subject": subject})
        assert (page.status_code, words(page).strip()) == (200, "")


def test_a_question_is_asked_of_its_kinds_alone(
    client: Client, contact: User, administrator: User
) -> None:
    kinds = [TicketKind.BREAK_FIX, TicketKind.DATABASE_RELEASE]
    for label, of in (("Machines affected", kinds), ("Cost centre", [])):
        add_filing_field(label=label, kind=FieldKind.TEXT, ticket_kinds=list(of), by=administrator)
    client.force_login(contact)
    service = words(client.get("/tickets/new/?about=service"))
    assert "Machines affected" not in service
    assert "Cost centre" in service
    incident = client.get("/tickets/new/")
    assert "Only for Break/fix, Anti-virus database release" in words(incident)
    assert 'data-not-of="premium"' in incident.content.decode()
    released = words(client.get("/tickets/new/?about=release"))
    assert "Machines affected" in released
    assert "Only for" not in released
