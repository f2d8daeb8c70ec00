"""Of one happening each person reads in their own language, with times in their own zone."""

from typing import Any

import pytest

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from notifications.channels.email import make_mail
from notifications.models import Notice
from tests.factories.tickets import TUESDAY, make_ticket
from tickets.models import Ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.customer_escalation import escalate_as_customer
from tickets.operations.lifecycle import resolve_ticket
from tickets.operations.severity import change_severity


@pytest.fixture
def berliner(colleague: User) -> User:
    colleague.language, colleague.timezone = "de", "Europe/Berlin"
    colleague.save()
    return colleague


@pytest.fixture
def ticket(contact: User, customer: Customer, berliner: User) -> Ticket:
    return make_ticket(contact, customer, severity=Severity.HIGH, watchers=[berliner])


def mail_to(reader: User, kind: str) -> Any:
    notice = Notice.objects.select_related("recipient", "delivery").get(recipient=reader, kind=kind)
    return make_mail(notice.delivery, [notice])


def test_of_a_new_ticket(ticket: Ticket, contact: User, berliner: User) -> None:
    english, german = mail_to(contact, "filed"), mail_to(berliner, "filed")
    assert "We have it: TK-" in english.body
    assert "We answer by Tue 10 Mar, 19:00 ET." in english.body
    assert "Es ist bei uns: TK-" in german.body
    assert "Wir antworten bis Mi, 11. März, 00:00 CET (Di, 10. März, 19:00 ET)." in german.body
    assert "Sie folgen diesem Ticket." in german.body
    assert '<html lang="de">' in german.alternatives[0].content


def test_of_an_answer(ticket: Ticket, contact: User, berliner: User, engineer: User) -> None:
    answer_ticket(ticket, body="Send the log.", qualified=True, by=engineer, now=TUESDAY)
    subject = f"{ticket.reference} %s: {ticket.subject}"
    assert mail_to(contact, "answered").subject == subject % f"{engineer} answered"
    assert mail_to(berliner, "answered").subject == subject % f"{engineer} hat geantwortet"
    # What somebody wrote stays as it was written.
    assert "Send the log." in mail_to(berliner, "answered").body


def test_of_a_severity(ticket: Ticket, contact: User, berliner: User, engineer: User) -> None:
    change_severity(
        ticket, severity=Severity.CRITICAL, reason="All sites.", by=engineer, now=TUESDAY
    )
    english, german = (mail_to(one, "severity_changed") for one in (contact, berliner))
    assert f"{engineer} changed the severity from High to Critical. All sites." in english.body
    assert "den Schweregrad von Hoch auf Kritisch geändert. All sites." in german.body


def test_of_a_solution(ticket: Ticket, contact: User, berliner: User, engineer: User) -> None:
    resolve_ticket(ticket, resolution="Mended.", by=engineer, now=TUESDAY)
    assert "Does it work?" in mail_to(contact, "resolved").body
    german = mail_to(berliner, "resolved")
    assert german.subject == f"{ticket.reference} ist gelöst: {ticket.subject}"
    assert "Mended.\n\nFunktioniert es?" in german.body.replace("\r\n", "\n")
    assert "Wie lief es? Eine Anmeldung ist nicht nötig." in german.body
    assert "How did it go?" not in german.body
    assert "Gut: http" in german.body


def test_of_an_escalation(
    ticket: Ticket, contact: User, berliner: User, duty_lead: User, engineer: User
) -> None:
    escalate_as_customer(ticket, reason="Two sites stand.", by=contact, now=TUESDAY)
    german = mail_to(berliner, "help_requested")
    assert german.subject == f"{ticket.reference} wurde von {contact} eskaliert: {ticket.subject}"
    assert "antwortet im Portal." in german.body
    # Our own people read English, whoever asked.
    assert mail_to(duty_lead, "help_requested").subject.startswith(
        f"{ticket.reference} escalated by {contact}"
    )
