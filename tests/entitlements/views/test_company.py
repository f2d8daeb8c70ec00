from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse

from entitlements.models import Contract, Membership
from entitlements.operations.contracts import suspend_contract
from entitlements.operations.incidents import debit_incident
from tests.factories import entitlements as factory
from tests.tickets.views.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
COMPANY = "/companies/northwind-logistics/plan/"
PEOPLE = "/companies/northwind-logistics/people/"
INCIDENTS = "/companies/northwind-logistics/incidents/"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def full(catalogue, customer):
    """MSA Start with its one seat held by Priya Raman."""
    contract = factory.make_contract(customer, "msa-start")
    factory.make_contact(contract, "Priya Raman")
    return contract


def test_everybody_of_the_company_reads_the_plan_in_plain_words(
    contract, contact, colleague, client
):
    client.force_login(colleague)
    page = text_of(client.get(COMPANY))
    for said in ("What MSA Business promises", "within 2 hours", "31 Dec 2026"):
        assert said in page
    assert "Priya Raman" in text_of(client.get(PEOPLE))


def test_the_ledger_is_for_managers_and_technical_contacts(
    contract, contact, manager, colleague, client
):
    debit_incident(contract, ticket_number=20418, by=contact, now=NOW)
    for person, reads in ((contact, True), (manager, True), (colleague, False)):
        client.force_login(person)
        answer = client.get(INCIDENTS)
        assert answer.status_code == (200 if reads else 403)
        page = text_of(answer)
        assert ("TK-20418" in page) is reads
        assert ("Premium incident ledger" in page) is reads
        assert (INCIDENTS in text_of(client.get(COMPANY))) is reads


def test_a_caller_pin_is_shown_to_its_owner_only(contract, contact, manager, client):
    pin = contact.memberships.get().caller_pin
    spaced = f"{pin[:3]} {pin[3:]}"
    client.force_login(contact)
    assert spaced in text_of(client.get(COMPANY))
    client.force_login(manager)
    assert spaced not in text_of(client.get(COMPANY))


def test_staff_read_the_end_of_a_caller_pin_and_not_the_whole(
    contract, contact, administrator, client
):
    pin = contact.memberships.get().caller_pin
    client.force_login(administrator)
    page = text_of(client.get("/customers/northwind-logistics/"))
    assert pin[3:] in page
    assert pin not in page
    assert f"{pin[:3]} {pin[3:]}" not in page


def test_only_the_manager_is_offered_changes(contract, contact, manager, client):
    client.force_login(manager)
    page = text_of(client.get(PEOPLE))
    for said in ("Give seat", "Invite a colleague", "Last sign-in", "Nobody is invited"):
        assert said in page
    client.force_login(contact)
    page = text_of(client.get(PEOPLE))
    for said in ("Give seat", "Invite a colleague", "Last sign-in", "Nobody is invited"):
        assert said not in page


def test_without_a_contract_the_page_shows_standard(catalogue, customer, manager, client):
    client.force_login(manager)
    page = text_of(client.get(COMPANY))
    assert "What Standard Support promises" in page
    assert "No contract is in force" in page
    assert "no promised time" in page


def test_a_suspended_contract_is_said_openly(contract, manager, administrator, client):
    suspend_contract(contract, reason="Unpaid.", by=administrator, now=NOW)
    client.force_login(manager)
    page = text_of(client.get(COMPANY))
    assert "Your contract is suspended." in page
    assert "What Standard Support promises" in page


def test_a_manager_gives_a_seat(contract, colleague, manager, client):
    client.force_login(manager)
    membership = colleague.memberships.get()
    answer = client.post(
        reverse("seat_new", args=(contract.number,)), {"membership": membership.pk}, follow=True
    )
    assert answer.redirect_chain == [(PEOPLE, 302)]
    assert "Seat given to Daniel Osei." in text_of(answer)
    contract.refresh_from_db()
    assert contract.seats_held == 1


def test_one_seat_too_many_is_said_beside_the_field(full, colleague, manager, client):
    client.force_login(manager)
    membership = colleague.memberships.get()
    answer = client.post(reverse("seat_new", args=(full.number,)), {"membership": membership.pk})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "All 1 contact seats are held" in page
    assert f'value="{membership.pk}" selected' in page
    full.refresh_from_db()
    assert full.seats_held == 1


def test_a_full_contract_says_how_to_go_on(full, manager, client):
    client.force_login(manager)
    page = text_of(client.get(PEOPLE))
    assert "The one seat is held" in page
    assert "Pass seat on" in page


def test_a_manager_takes_a_seat_back_and_passes_it_on(full, colleague, manager, client):
    client.force_login(manager)
    holding = full.seat_holdings.get()
    swap = reverse("seat_swap", args=(full.number, holding.pk))
    answer = client.post(swap, {"membership": colleague.memberships.get().pk}, follow=True)
    assert "Seat passed on to Daniel Osei." in text_of(answer)
    holding = full.seat_holdings.current().get()
    assert holding.membership.user == colleague
    answer = client.post(reverse("seat_return", args=(full.number, holding.pk)), follow=True)
    assert "Seat taken back from Daniel Osei." in text_of(answer)
    assert not full.seat_holdings.current().exists()


def test_whoever_passed_a_seat_on_is_given_one_again(full, colleague, manager, client):
    client.force_login(manager)
    holding = full.seat_holdings.get()
    first, second = holding.membership, colleague.memberships.get()
    for to in (second, first):
        holding = full.seat_holdings.current().get()
        swap = reverse("seat_swap", args=(full.number, holding.pk))
        assert client.post(swap, {"membership": to.pk}).status_code == 302
    assert full.seat_holdings.current().get().membership == first


def test_a_refused_swap_is_said_beside_its_field(full, manager, client):
    phoneless = factory.make_person(full.customer, "Lena Hoffmann", phone="")
    client.force_login(manager)
    holding = full.seat_holdings.get()
    answer = client.post(
        reverse("seat_swap", args=(full.number, holding.pk)), {"membership": phoneless.pk}
    )
    assert answer.status_code == 422
    assert "Lena Hoffmann needs a phone number first" in text_of(answer)
    assert full.seat_holdings.current().get() == holding


def test_nobody_of_another_company_can_be_given_a_seat(contract, manager, foreign_contact, client):
    client.force_login(manager)
    foreign = foreign_contact.memberships.get()
    answer = client.post(reverse("seat_new", args=(contract.number,)), {"membership": foreign.pk})
    assert answer.status_code == 422
    assert "Owen Hart" not in text_of(answer)
    assert not contract.seat_holdings.exists()


def test_a_manager_changes_removes_and_lets_back_in_a_person(contract, manager, client):
    client.force_login(manager)
    membership = factory.make_person(contract.customer, "Lena Hoffmann", sees_company=True)
    place = reverse("person_edit", args=("northwind-logistics", membership.pk))
    answer = client.post(place, {"is_manager": "on"}, follow=True)
    assert "Changes saved." in text_of(answer)
    membership.refresh_from_db()
    assert (membership.sees_company, membership.is_manager) == (False, True)

    removal = reverse("person_removal", args=("northwind-logistics", membership.pk))
    assert "Lena Hoffmann removed." in text_of(client.post(removal, follow=True))
    assert client.get(place).status_code == 404

    history = text_of(client.get("/companies/northwind-logistics/history/"))
    for said in ("person removed", "person changed", "Let back in"):
        assert said in history
    answer = client.post(
        reverse("person_return", args=("northwind-logistics", membership.pk)), follow=True
    )
    assert answer.redirect_chain == [(PEOPLE, 302)]
    membership.refresh_from_db()
    assert (membership.left_at, membership.is_manager) == (None, False)


def test_a_manager_cannot_give_themselves_up(contract, manager, client):
    client.force_login(manager)
    own = manager.memberships.get()
    answer = client.post(reverse("person_edit", args=("northwind-logistics", own.pk)), {})
    assert answer.status_code == 422
    assert "Make somebody else a manager first." in text_of(answer)


def test_an_administrator_hears_beside_the_address_that_somebody_belongs_already(
    contract, administrator, colleague, client
):
    client.force_login(administrator)
    typed = {"name": "Dan", "email": colleague.email, "zone": "Europe/Berlin"}
    answer = client.post("/customers/northwind-logistics/people/new/", typed)
    assert answer.status_code == 422
    assert "Daniel Osei belongs to Northwind Logistics already." in text_of(answer)
    assert 'value="Dan"' in text_of(answer)


def test_a_plan_around_the_clock_without_anybody_to_call_at_night_is_warned_of(
    contract, contact, manager, client
):
    warned = "no technical contact may be called at night"
    client.force_login(contact)
    page = text_of(client.get(PEOPLE))
    assert warned not in page
    assert "At night only Priya Raman can be reached." in page
    own = contact.memberships.get()
    answer = client.post(
        reverse("night_calls", args=("northwind-logistics", own.pk)), {"may": "no"}, follow=True
    )
    assert "Priya Raman is not called at night and at weekends." in text_of(answer)
    assert warned in text_of(answer)
    client.force_login(manager)
    assert warned in text_of(client.get(PEOPLE))


def test_a_plan_without_nights_asks_for_nobody_at_night(full, manager, client):
    # MSA Start is covered on working days only.
    Membership.objects.update(answers_at_night=False)
    client.force_login(manager)
    page = text_of(client.get(PEOPLE))
    assert "at night" not in page


def test_a_contract_without_a_contact_is_warned_of(contract, manager, client):
    client.force_login(manager)
    assert "No technical contact can be reached" in text_of(client.get(PEOPLE))


def test_somebody_of_two_companies_chooses_which(
    contract, foreign_contract, contact, administrator, client
):
    Membership.objects.create(user=contact, customer=foreign_contract.customer)
    client.force_login(contact)
    page = text_of(client.get("/companies/"))
    assert "Northwind Logistics" in page
    assert "Eastgate Hospitals" in page


def test_somebody_of_no_company_is_told_what_to_do(contract, colleague, administrator, client):
    Membership.objects.filter(user=colleague).update(left_at=NOW)
    client.force_login(colleague)
    assert "You belong to no company" in text_of(client.get("/companies/"))


def test_seats_beyond_the_plans_are_told_apart(contract, manager, client):
    client.force_login(manager)
    Contract.objects.filter(pk=contract.pk).update(seat_limit=4)
    assert "of them in the plan" not in text_of(client.get(COMPANY))
    Contract.objects.filter(pk=contract.pk).update(seat_limit=5)
    assert "5, 4 of them in the plan" in text_of(client.get(COMPANY))


def renewal_of(contract: Contract, plan: str) -> Contract:
    return factory.make_contract(
        contract.customer,
        plan,
        number="C-2027-1",
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 12, 31),
    )


def test_a_manager_sees_that_the_next_contract_has_the_same_contacts(
    full, colleague, manager, client
):
    renewal_of(full, "msa-start")
    client.force_login(manager)
    page = words(client.get(PEOPLE))
    assert "From 1 Jan 2027" in page
    assert "has the same technical contacts" in page
    assert page.count("Give seat") == 0
    client.force_login(colleague)
    assert "From 1 Jan 2027" not in words(client.get(PEOPLE))


def test_a_manager_chooses_who_keeps_a_seat_of_a_smaller_contract(
    contract, contact, colleague, manager, client
):
    factory.make_contact(contract, "Ann Alder")
    factory.make_contact(contract, "Bob Birch")
    renewal = renewal_of(contract, "msa-start")
    client.force_login(manager)
    page = words(client.get(PEOPLE))
    assert "fewer seats than are held now. Choose who files" in page
    give = reverse("seat_new", args=(renewal.number,))
    refused = client.post(give, {"membership": ""})
    assert refused.status_code == 422
    assert refused.text.count(f'id="seat_{renewal.pk}_membership"') == 1
    assert words(refused).index("From 1 Jan 2027") < words(refused).index("No seat was given.")
    ann = contract.seat_holdings.get(membership__user__name="Ann Alder").membership
    client.post(give, {"membership": ann.pk})
    page = words(client.get(PEOPLE))
    assert "These people file premium incidents from then on." in page
    assert [str(one.membership.user) for one in renewal.seat_holdings.current()] == ["Ann Alder"]
    assert contract.seat_holdings.current().count() >= 2


def test_contacts_of_a_first_contract_are_chosen_before_it_begins(
    catalogue, customer, manager, client
):
    first = factory.make_contract(
        customer, number="C-2027-1", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    client.force_login(manager)
    page = words(client.get(PEOPLE))
    assert "Nobody has a seat of it" in page
    client.post(
        reverse("seat_new", args=(first.number,)), {"membership": manager.memberships.get().pk}
    )
    assert first.seat_holdings.current().count() == 1
