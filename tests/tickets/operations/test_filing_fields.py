"""What is asked besides is kept, checked, shown and found as an administrator says."""

from typing import Any

import pytest

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from entitlements.models import Contract, Customer
from tests.factories.tickets import make_ticket
from tickets.choices import FieldKind, TicketKind
from tickets.filed_with import filed_with
from tickets.models import FilingField, Product, Ticket
from tickets.operations.filing_fields import (
    add_filing_field,
    change_filing_field,
    restore_filing_field,
    retire_filing_field,
)
from tickets.operations.products import add_product, change_product, retire_product
from tickets.search.asking import read_question
from tickets.search.finding import find_tickets

pytestmark = pytest.mark.django_db


@pytest.fixture
def product(administrator: User) -> Product:
    return add_product("Endpoint Protection", versions=["12.4.2", "12.3.9"], by=administrator)


def ask(by: User, **given: Any) -> FilingField:
    return add_filing_field(by=by, **{"label": "Queue size", "kind": FieldKind.NUMBER, **given})


def test_only_an_administrator_asks_and_each_change_is_recorded(
    administrator: User, engineer: User
) -> None:
    with pytest.raises(NotAllowed):
        ask(engineer)
    field = ask(administrator)
    change_filing_field(field, label="Queue length", by=administrator)
    retire_filing_field(field, by=administrator)
    restore_filing_field(field, by=administrator)
    told = list(
        AuditEvent.objects.filter(subject_type="tickets.filingfield")
        .order_by("pk")
        .values_list("action", flat=True)
    )
    assert told == [
        "filing question added",
        "filing question changed",
        "filing question retired",
        "filing question asked again",
    ]
    assert field.key == "queue-size"


def test_a_choice_needs_answers_to_choose_from(administrator: User) -> None:
    with pytest.raises(InvalidInput, match="one a line"):
        ask(administrator, kind=FieldKind.CHOICE)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (FieldKind.NUMBER, " 12,5 ", "12.5"),
        (FieldKind.TEXT, " slow ", "slow"),
        (FieldKind.CHOICE, "B", "B"),
    ],
)
def test_an_answer_is_read_by_its_kind(
    administrator: User, kind: FieldKind, typed: str, kept: str
) -> None:
    assert ask(administrator, kind=kind, choices=["A", "B"]).read(typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (FieldKind.NUMBER, "many"),
        (FieldKind.NUMBER, "NaN"),
        (FieldKind.NUMBER, "1e999999"),
        (FieldKind.TEXT, "x" * 1001),
        (FieldKind.CHOICE, "C"),
        (FieldKind.TEXT, "  "),
    ],
)
def test_a_wrong_answer_names_its_field(administrator: User, kind: FieldKind, typed: str) -> None:
    field = ask(administrator, kind=kind, choices=["A", "B"], is_required=True)
    with pytest.raises(InvalidInput) as refused:
        field.read(typed)
    assert refused.value.field == "field_queue-size"


def test_a_ticket_answers_what_is_asked_of_its_product_and_kind_alone(
    administrator: User, contact: User, customer: Customer, product: Product
) -> None:
    other = add_product("Mail Gateway", versions=[], by=administrator)
    ask(administrator, product=product, is_required=True)
    ask(administrator, label="Mail flow", product=other, is_required=True)
    ask(
        administrator,
        label="Contract",
        ticket_kinds=[TicketKind.BREAK_FIX, TicketKind.SERVICE],
        is_required=True,
    )
    hidden = ask(administrator, label="Site", kind=FieldKind.TEXT, is_shown=False)
    given = {"product": product, "fields": {"queue-size": "7", hidden.key: "Newark"}}
    ticket = make_ticket(contact, customer, **given)
    assert filed_with(ticket) == [("Queue size", "7")]
    assert ticket.field_values.count() == 2
    with pytest.raises(InvalidInput, match="Queue size: we need this"):
        make_ticket(contact, customer, product=product, fields={})
    with pytest.raises(InvalidInput, match="“mail-flow”"):
        make_ticket(
            contact, customer, product=product, fields={"queue-size": "7", "mail-flow": "1"}
        )
    # Where nobody could be asked, as in a call, nothing is missing.
    assert make_ticket(contact, customer, product=product).field_values.count() == 0


def test_a_retired_question_is_not_asked_and_keeps_its_answers(
    administrator: User, contact: User, customer: Customer
) -> None:
    field = ask(administrator, is_required=True)
    ticket = make_ticket(contact, customer, fields={"queue-size": "7"})
    retire_filing_field(field, by=administrator)
    assert make_ticket(contact, customer, fields={}).field_values.count() == 0
    assert filed_with(ticket) == [("Queue size", "7")]


def test_staff_find_a_ticket_by_a_searchable_answer_and_customers_do_not(
    administrator: User, engineer: User, contact: User, customer: Customer
) -> None:
    ask(administrator, label="Error", kind=FieldKind.TEXT, is_searchable=True)
    ask(administrator, label="Site", kind=FieldKind.TEXT)
    answers = {"error": "zebrafault", "site": "quaggatown"}
    ticket = make_ticket(contact, customer, fields=answers)

    def found(words: str, by: User) -> list[int]:
        return find_tickets(read_question(words), by=by, now=ticket.filed_at).keys

    assert found("zebrafault", engineer) == [ticket.pk]
    assert found("zebrafault", contact) == []
    assert found("quaggatown", engineer) == []


def test_a_version_left_out_is_retired_and_stays_on_its_tickets(
    administrator: User, contact: User, customer: Customer, product: Product
) -> None:
    ticket = make_ticket(contact, customer, product=product, version="12.3.9")
    changed = change_product(
        product, name=product.name, versions=["12.5", "12.4.2"], by=administrator
    )
    assert changed.versions == ["12.5", "12.4.2"]
    assert changed.retired_versions == ["12.3.9"]
    again = change_product(product, name=product.name, versions=["12.3.9"], by=administrator)
    assert again.retired_versions == ["12.5", "12.4.2"]
    assert Ticket.objects.get(pk=ticket.pk).version == "12.3.9"


def test_a_retired_product_is_not_offered(administrator: User, product: Product) -> None:
    retire_product(product, by=administrator)
    assert not Product.objects.offered().exists()
    assert Product.objects.exists()


def test_two_products_have_two_names(administrator: User, product: Product) -> None:
    with pytest.raises(InvalidInput, match="this name already"):
        add_product("endpoint  protection", versions=[], by=administrator)


def test_members_on_the_watcher_list_get_a_copy_unless_the_filer_says_no(
    contract: Contract, contact: User, manager: User, colleague: User, customer: Customer
) -> None:
    customer.memberships.filter(user__in=[manager, contact]).update(hears_of_all=True)
    assert list(make_ticket(contact, customer).watchers.all()) == [manager]
    assert list(make_ticket(contact, customer, watchers=[]).watchers.all()) == []
    assert list(make_ticket(contact, customer, watchers=[colleague]).watchers.all()) == [colleague]
