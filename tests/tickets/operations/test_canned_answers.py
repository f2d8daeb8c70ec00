"""Canned answers: whose they are, what their blanks take, and the audit row of each change."""

import pytest

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from entitlements.models import Customer
from tests.factories.tickets import make_ticket
from tickets.models import CannedAnswer, Product
from tickets.operations.canned_answers import (
    add_canned_answer,
    change_canned_answer,
    remove_canned_answer,
)
from tickets.placeholders import fill_placeholders

pytestmark = pytest.mark.django_db


def add(by: User, title: str = "Ask for the log", **given: object) -> CannedAnswer:
    facts = {"body": "Please send the log.", "is_shared": False, **given}
    return add_canned_answer(title=title, by=by, **facts)  # type: ignore[arg-type]  # facts of a test


def test_a_personal_one_is_found_by_its_owner_alone(engineer: User, duty_lead: User) -> None:
    answer = add(engineer)

    assert list(CannedAnswer.objects.visible_to(engineer)) == [answer]
    assert not CannedAnswer.objects.visible_to(duty_lead).exists()


def test_a_shared_one_is_found_by_staff_and_by_no_customer(
    engineer: User, duty_lead: User, contact: User
) -> None:
    add(duty_lead, is_shared=True)

    assert CannedAnswer.objects.visible_to(engineer).exists()
    assert not CannedAnswer.objects.visible_to(contact).exists()


def test_only_a_lead_writes_changes_and_removes_what_the_desk_shares(
    engineer: User, duty_lead: User
) -> None:
    with pytest.raises(NotAllowed):
        add(engineer, is_shared=True)
    shared = add(duty_lead, is_shared=True)
    with pytest.raises(NotAllowed):
        change_canned_answer(shared, title="Mine", body="now", by=engineer)
    with pytest.raises(NotAllowed):
        remove_canned_answer(shared, by=engineer)


def test_nobody_changes_anothers_own(engineer: User, duty_lead: User) -> None:
    with pytest.raises(NotAllowed):
        change_canned_answer(add(engineer), title="Hers", body="now", by=duty_lead)


def test_who_does_not_answer_customers_writes_none(administrator: User, contact: User) -> None:
    for person in (administrator, contact):
        with pytest.raises(NotAllowed):
            add(person)


def test_each_change_has_one_audit_row(engineer: User) -> None:
    answer = add(engineer)
    change_canned_answer(answer, title="Ask for the trace", body="Please.", by=engineer)
    remove_canned_answer(answer, by=engineer)

    rows = AuditEvent.objects.filter(subject_type="tickets.cannedanswer").order_by("pk")
    assert [row.action for row in rows] == [
        "canned answer added",
        "canned answer changed",
        "canned answer removed",
    ]
    assert rows[1].changes["title"] == ["Ask for the log", "Ask for the trace"]


def test_a_title_is_used_once_by_a_person_and_once_by_the_desk(
    engineer: User, duty_lead: User
) -> None:
    add(engineer)
    add(duty_lead, is_shared=True)
    for by, shared in ((engineer, False), (duty_lead, True)):
        with pytest.raises(InvalidInput, match="already") as refused:
            add(by, "ask for the LOG", is_shared=shared)
        assert refused.value.field == "title"


def test_an_unknown_placeholder_is_refused_by_name(engineer: User) -> None:
    with pytest.raises(InvalidInput, match=r"There is no \{surname\}. You can use \{contact\}"):
        add(engineer, body="Hello {contact} {surname}")
    with pytest.raises(InvalidInput, match=r"ticket\.customer"):
        add(engineer, body="Hello {{ ticket.customer }}")


def test_braces_that_are_no_placeholder_are_left_alone(engineer: User) -> None:
    assert add(engineer, body='Set `{"level": 3}` or {}.').body == 'Set `{"level": 3}` or {}.'


def test_blanks_are_filled_once_and_never_run(
    engineer: User, contact: User, customer: Customer
) -> None:
    product = Product.objects.create(name="Gateway {engineer}", versions=["9.1"])
    ticket = make_ticket(contact, customer, product=product, version="9.1")

    text = fill_placeholders(
        "Hello {contact} of {customer}, {ticket} is about {product}. {engineer}",
        ticket=ticket,
        by=engineer,
    )
    assert text == (
        f"Hello Priya of Northwind Logistics, {ticket.reference} is about Gateway {{engineer}} "
        "9.1. Mara Kovac"
    )


def test_every_word_that_is_looked_for_must_be_there(engineer: User) -> None:
    answer = add(engineer, "Ask for the agent log", body="From one host.")
    add(engineer, "Ask for a trace", body="From one host.")

    assert list(CannedAnswer.objects.matching("host LOG")) == [answer]
    assert not CannedAnswer.objects.matching("log trace").exists()
