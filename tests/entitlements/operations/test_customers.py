from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import resolve, reverse

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from entitlements.errors import ContractConflict
from entitlements.models import Contract, Customer, Membership, SeatHolding
from entitlements.operations.customers import (
    add_person,
    change_membership,
    choose_night_calls,
    create_customer,
    remove_person,
    restore_person,
    update_customer,
)
from entitlements.operations.invitation_acceptance import accept_invitation
from entitlements.operations.invitations import invite_person
from tests.factories import entitlements as factory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
LENA: dict[str, Any] = {
    "email": "Lena.Hoffmann@Northwind.example",
    "name": "Lena Hoffmann",
    "phone": "+49 30 555 01",
    "title": "Security operations",
    "zone": "Europe/Berlin",
    "is_manager": False,
    "sees_company": True,
}


def rows() -> list[Any]:
    models = (Customer, User, Membership, Contract, SeatHolding, AuditEvent)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def latest_audit() -> AuditEvent:
    return AuditEvent.objects.order_by("-pk")[0]


def test_a_customer_gets_an_address_of_its_own(administrator):
    first = create_customer(name="Alder & Finch", zone="Europe/Berlin", by=administrator, now=NOW)
    second = create_customer(name="Alder Finch", zone="Europe/Berlin", by=administrator, now=NOW)
    assert (first.slug, second.slug) == ("alder-finch", "alder-finch-2")
    assert first.timezone == "Europe/Berlin"
    assert latest_audit().action == "customer added"
    third = create_customer(name="New", zone="Europe/Berlin", by=administrator, now=NOW)
    assert resolve(reverse("customer", args=[third.slug])).url_name == "customer"


def test_a_company_name_is_used_once_whatever_its_case(customer, administrator):
    before = rows()
    with pytest.raises(InvalidInput) as refusal:
        create_customer(name=" northwind LOGISTICS ", zone="UTC", by=administrator)
    assert refusal.value.field == "name"
    assert rows() == before


@pytest.mark.parametrize("person", ["manager", "contact", "tam", "engineer"])
def test_only_an_administrator_adds_and_changes_customers(request, customer, person):
    by = request.getfixturevalue(person)
    before = rows()
    with pytest.raises(NotAllowed):
        create_customer(name="Alder", zone="UTC", by=by)
    with pytest.raises(NotAllowed):
        update_customer(customer, name="Mine", zone="UTC", tam=None, tam_team=None, by=by)
    assert rows() == before


def test_a_change_of_a_customer_is_recorded_field_by_field(customer, tam, administrator):
    update_customer(
        customer,
        name="Northwind Freight",
        zone=customer.timezone,
        tam=None,
        tam_team=None,
        by=administrator,
    )
    customer.refresh_from_db()
    assert (customer.name, customer.tam) == ("Northwind Freight", None)
    assert latest_audit().changes == {
        "name": ["Northwind Logistics", "Northwind Freight"],
        "tam": ["Ines Duarte", ""],
    }


def test_saving_a_customer_unchanged_records_nothing(customer, tam, administrator):
    before = rows()
    update_customer(
        customer,
        name=customer.name,
        zone=customer.timezone,
        tam=tam,
        tam_team=None,
        by=administrator,
    )
    assert rows() == before


def test_a_new_person_gets_a_login_without_a_password(customer, administrator):
    membership = add_person(customer, **LENA, by=administrator, now=NOW)
    user = membership.user
    assert (user.email, user.name, user.roles) == (
        "lena.hoffmann@northwind.example",
        "Lena Hoffmann",
        [],
    )
    assert not user.has_usable_password()
    assert (membership.is_manager, membership.sees_company) == (False, True)
    assert (latest_audit().action, latest_audit().by) == ("person added", administrator)


def test_somebody_of_two_companies_keeps_one_login(customer, foreign_customer, administrator):
    add_person(customer, **LENA, by=administrator, now=NOW)
    add_person(foreign_customer, **{**LENA, "name": "Somebody Else"}, by=administrator, now=NOW)
    user = User.objects.get(email="lena.hoffmann@northwind.example")
    assert user.name == "Lena Hoffmann"
    assert user.memberships.count() == 2


def test_a_person_belongs_to_a_company_once(customer, colleague, administrator):
    before = rows()
    with pytest.raises(InvalidInput) as refusal:
        add_person(customer, **{**LENA, "email": colleague.email}, by=administrator)
    assert refusal.value.field == "email"
    assert rows() == before


@pytest.mark.parametrize("person", ["contact", "colleague", "foreign_contact", "engineer", "tam"])
def test_only_the_manager_or_an_administrator_manages_people(request, customer, manager, person):
    by = request.getfixturevalue(person)
    membership = manager.memberships.get()
    before = rows()
    with pytest.raises(NotAllowed):
        add_person(customer, **LENA, by=by)
    with pytest.raises(NotAllowed):
        change_membership(membership, is_manager=True, sees_company=True, by=by)
    with pytest.raises(NotAllowed):
        remove_person(membership, by=by)
    assert rows() == before


def test_a_manager_of_one_company_manages_no_other(foreign_customer, manager):
    before = rows()
    with pytest.raises(NotAllowed):
        add_person(foreign_customer, **LENA, by=manager)
    assert rows() == before


def test_a_change_of_place_is_recorded(colleague, manager):
    membership = colleague.memberships.get()
    change_membership(membership, is_manager=False, sees_company=True, by=manager)
    membership.refresh_from_db()
    assert membership.sees_company
    assert latest_audit().changes == {"sees_company": [False, True]}


def test_removing_a_person_takes_their_seat_back(contract, contact, manager):
    membership = contact.memberships.get()
    remove_person(membership, by=manager, now=NOW)
    membership.refresh_from_db()
    contract.refresh_from_db()
    assert membership.left_at == NOW
    assert contract.seats_held == 0
    assert contract.seat_holdings.get().held_until == NOW
    actions = AuditEvent.objects.order_by("-pk").values_list("action", flat=True)[:2]
    assert list(actions) == ["person removed", "seat taken back"]
    before = rows()
    with pytest.raises(ContractConflict):
        remove_person(membership, by=manager)
    assert rows() == before


def test_somebody_who_left_comes_back_to_the_same_place(
    customer, colleague, manager, administrator
):
    membership = colleague.memberships.get()
    remove_person(membership, by=manager, now=NOW)
    back = add_person(customer, **{**LENA, "email": colleague.email}, by=administrator, now=NOW)
    assert back.pk == membership.pk
    assert back.left_at is None


def test_a_manager_lets_somebody_who_left_back_in_without_their_rights(customer, manager):
    chief = factory.make_person(customer, "Lena Hoffmann", is_manager=True)
    remove_person(chief, by=manager, now=NOW)
    back = restore_person(chief, by=manager, now=NOW)
    assert (back.left_at, back.joined_at) == (None, NOW)
    assert (back.is_manager, back.sees_company) == (False, False)
    assert latest_audit().action == "person let back in"
    before = rows()
    with pytest.raises(ContractConflict):
        restore_person(chief, by=manager)
    assert rows() == before


def let_back_in(membership: Membership, by: User) -> Membership:
    return restore_person(membership, by=by, now=NOW)


def add_again(membership: Membership, by: User) -> Membership:
    person = {**LENA, "email": membership.user.email, "sees_company": False}
    return add_person(membership.customer, **person, by=by, now=NOW)


def accept_anew(membership: Membership, by: User) -> Membership:
    invitation = invite_person(
        membership.customer,
        email=membership.user.email,
        is_manager=False,
        sees_company=False,
        gives_seat=False,
        by=by,
        now=NOW,
    )
    return accept_invitation(invitation.secret(), by=membership.user, now=NOW)


@pytest.mark.parametrize("come_back", [let_back_in, add_again, accept_anew])
def test_who_comes_back_hears_of_no_ticket_and_has_no_pin_of_before(
    contract, contact, administrator, come_back
):
    change_membership(
        contact.memberships.get(),
        is_manager=True,
        sees_company=True,
        hears_of_all=True,
        by=administrator,
    )
    remove_person(contact.memberships.get(), by=administrator, now=NOW)

    come_back(contact.memberships.select_related("user", "customer").get(), administrator)

    back = contact.memberships.get()
    assert (back.is_manager, back.sees_company, back.hears_of_all) == (False, False, False)
    assert (back.caller_pin, back.left_at) == ("", None)


def test_a_company_keeps_its_last_manager(customer, manager):
    own = manager.memberships.get()
    before = rows()
    with pytest.raises(InvalidInput) as refusal:
        change_membership(own, is_manager=False, sees_company=False, by=manager)
    assert refusal.value.field == "is_manager"
    with pytest.raises(ContractConflict):
        remove_person(own, by=manager)
    assert rows() == before


def test_a_contact_says_themselves_whether_we_may_call_at_night(contract, contact, colleague):
    own = contact.memberships.get()
    changed = choose_night_calls(own, answers_at_night=False, by=contact, now=NOW)
    assert not changed.answers_at_night
    assert latest_audit().changes == {"answers_at_night": [True, False]}
    before = rows()
    choose_night_calls(own, answers_at_night=False, by=contact)
    with pytest.raises(NotAllowed):
        choose_night_calls(own, answers_at_night=True, by=colleague)
    assert rows() == before


def test_a_manager_who_left_manages_nothing_more(customer, manager, administrator):
    remove_person(manager.memberships.get(), by=administrator, now=NOW)
    before = rows()
    with pytest.raises(NotAllowed):
        add_person(customer, **LENA, by=manager)
    assert rows() == before


def test_a_disabled_manager_manages_nothing(customer, manager):
    manager.is_active = False
    manager.save()
    with pytest.raises(NotAllowed):
        add_person(customer, **LENA, by=manager)
    assert Membership.objects.filter(customer=customer).count() == 1


def test_a_manager_invites_and_adds_nobody_themselves(customer, manager):
    before = rows()
    with pytest.raises(NotAllowed):
        add_person(customer, **LENA, by=manager)
    assert rows() == before
