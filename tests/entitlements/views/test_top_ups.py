"""Premium incidents of a company: the outlook, asking for more, and our answer."""

from datetime import UTC, datetime
from typing import Any

import pytest

from entitlements.models import TopUpRequest
from entitlements.operations.incidents import credit_incident, debit_incident
from entitlements.operations.top_ups import request_top_up
from tests.factories import entitlements as factory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
INCIDENTS = "/companies/northwind-logistics/incidents/"
ASK = "/companies/northwind-logistics/top-ups/"


def text_of(answer: Any) -> str:
    return " ".join(str(answer.content.decode()).split())


def use(contract: Any, by: Any, count: int) -> None:
    for number in range(20000, 20000 + count):
        debit_incident(contract, ticket_number=number, by=by, now=NOW)


def test_the_run_out_is_projected_in_plain_words(contract, contact, manager, client):
    # 10 March is day 69 of the year: 23 in 69 days is one in three days, 13 left last 39 more.
    use(contract, contact, 23)
    client.force_login(manager)
    page = text_of(client.get(INCIDENTS))
    assert "18 Apr 2026" in page
    assert "about 10 a month" in page
    assert "257 days before the contract year ends" in page


def test_the_ledger_gives_each_reason_and_who(contract, contact, manager, duty_lead, client):
    use(contract, contact, 1)
    credit_incident(ticket_number=20000, reason="A defect of ours.", by=duty_lead, now=NOW)
    client.force_login(manager)
    page = text_of(client.get(INCIDENTS))
    for words in ("TK-20000", "A defect of ours.", "Jonas Lindqvist", "Contract year opens"):
        assert words in page


def test_a_manager_asks_and_is_told_that_it_is_kept(contract, manager, administrator, client):
    client.force_login(manager)
    answer = client.post(ASK, {"amount": "6", "reason": "Two sites move."}, follow=True)
    assert answer.redirect_chain == [(INCIDENTS, 302)]
    page = text_of(answer)
    assert "6 asked for" in page
    assert "Two sites move." in page
    assert "Ask for more" not in page  # one request at a time
    client.post(f"{ASK}{TopUpRequest.objects.get().pk}/withdrawal/")
    assert "Ask for more" in text_of(client.get(INCIDENTS))


def test_a_wrong_number_is_said_beside_its_field_and_the_reason_stays(contract, manager, client):
    client.force_login(manager)
    answer = client.post(ASK, {"amount": "many", "reason": "Two sites move."})
    assert answer.status_code == 422
    assert "Write a number, such as 6." in text_of(answer)
    assert "Two sites move." in text_of(answer)
    assert "Ask for at least one." in text_of(client.post(ASK, {"amount": "0", "reason": ""}))
    assert not TopUpRequest.objects.exists()


def test_a_technical_contact_reads_and_does_not_ask(contract, contact, client):
    client.force_login(contact)
    page = text_of(client.get(INCIDENTS))
    assert "Your company manager asks for more." in page
    assert client.post(ASK, {"amount": "6"}).status_code == 403


def test_an_unlimited_plan_has_nothing_to_ask_for(catalogue, customer, manager, client):
    factory.make_contract(customer, "msa-enterprise")
    client.force_login(manager)
    page = text_of(client.get(INCIDENTS))
    assert "Your plan has no limit." in page
    assert "Ask for more" not in page


def test_without_a_contract_the_page_says_where_they_come_from(
    catalogue, customer, manager, client
):
    client.force_login(manager)
    assert "They come with an MSA contract." in text_of(client.get(INCIDENTS))
    answer = client.post(ASK, {"amount": "6"})
    assert answer.status_code == 422


def test_an_administrator_grants_another_number_and_the_company_reads_it(
    contract, manager, administrator, client
):
    asked = request_top_up(contract, amount=6, reason="Two sites move.", by=manager)
    client.force_login(administrator)
    assert "Northwind Logistics" in text_of(client.get("/top-ups/"))
    answer = client.post(
        f"/top-ups/{asked.pk}/", {"amount": "4", "answer": "Four for now.", "then": "grant"}
    )
    assert answer.status_code == 302
    client.force_login(manager)
    page = text_of(client.get(INCIDENTS))
    assert "4 added" in page
    assert "Four for now." in page


def test_a_refusal_needs_words(contract, manager, administrator, client):
    asked = request_top_up(contract, amount=6, reason="", by=manager)
    client.force_login(administrator)
    answer = client.post(f"/top-ups/{asked.pk}/", {"amount": "6", "answer": "", "then": "decline"})
    assert answer.status_code == 422
    assert "Say why: the company reads it." in text_of(answer)
    asked.refresh_from_db()
    assert asked.is_open
    client.post(f"/top-ups/{asked.pk}/", {"answer": "MSA Plus is cheaper.", "then": "decline"})
    client.force_login(manager)
    assert "MSA Plus is cheaper." in text_of(client.get(INCIDENTS))


def test_another_companys_request_is_not_there(contract, manager, foreign_contact, client):
    asked = request_top_up(contract, amount=6, reason="", by=manager)
    foreign_contact.memberships.update(is_manager=True)
    client.force_login(foreign_contact)
    path = f"/companies/eastgate-hospitals/top-ups/{asked.pk}/withdrawal/"
    assert client.post(path).status_code == 404
    asked.refresh_from_db()
    assert asked.is_open
