"""Invitations on the pages: sent by a manager, accepted by whoever holds the link."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from entitlements.models import Invitation, Membership
from entitlements.operations.invitations import invite_person
from tests.factories.tickets import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

PEOPLE = "/companies/northwind-logistics/people/"
NEW = "/companies/northwind-logistics/invitations/new/"
LENA = {
    "name": "Lena Hoffmann",
    "phone": "+49 30 555 01",
    "zone": "Europe/Berlin",
    "password": "a lantern over the harbour",
}


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def invitation(contract, customer, manager) -> Invitation:
    return invite_person(
        customer,
        email="lena@northwind.example",
        is_manager=False,
        sees_company=True,
        gives_seat=True,
        by=manager,
    )


def link(invitation: Invitation) -> str:
    return f"/invitations/{invitation.secret()}/"


def test_a_manager_invites_and_sees_who_is_invited(contract, manager, client):
    client.force_login(manager)
    answer = client.post(NEW, {"email": "lena@northwind.example", "gives_seat": "on"}, follow=True)
    assert answer.redirect_chain == [(PEOPLE, 302)]
    page = text_of(answer)
    assert "The invitation to lena@northwind.example is on its way." in page
    assert "Tue 17 Mar, 11:00" in page
    assert Invitation.objects.get().gives_seat


def test_the_page_answers_the_same_for_an_address_with_a_login(
    contract, manager, foreign_contact, client
):
    client.force_login(manager)
    known = client.post(NEW, {"email": foreign_contact.email}, follow=True)
    unknown = client.post(NEW, {"email": "nobody@elsewhere.example"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert f"The invitation to {foreign_contact.email} is on its way." in text_of(known)
    assert foreign_contact.name not in text_of(known)


def test_a_wrong_address_is_said_beside_its_field_and_stays(contract, manager, client):
    client.force_login(manager)
    answer = client.post(NEW, {"email": "lena@northwind", "sees_company": "on"})
    assert answer.status_code == 422
    assert "Write the whole address" in text_of(answer)
    assert 'value="lena@northwind"' in text_of(answer)


def test_looking_at_the_link_changes_nothing_and_tells_who_invites(invitation, client):
    with nothing_changes():
        page = text_of(client.get(link(invitation)))
    # A script puts the browser's own zone in, until somebody has chosen one.
    assert "data-own-zone" in page
    for words in ("Join Northwind Logistics", "Elena Brandt", "lena@northwind.example"):
        assert words in page
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_somebody_new_gives_a_name_and_a_password_and_is_signed_in(invitation, contract, client):
    answer = client.post(link(invitation), LENA, follow=True)
    assert answer.redirect_chain[-1][0] == "/"
    assert "Welcome to Northwind Logistics." in text_of(answer)
    user = User.objects.get(email="lena@northwind.example")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert contract.seat_holdings.get().membership.user == user
    again = Client().get(link(invitation))
    assert again.status_code == 404
    assert "This link opens nothing" in text_of(again)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Give your name."),
        ("phone", "", "Give a number: we call technical contacts back."),
        ("password", "short", "at least 12 characters"),
        ("password", "password1234", "too common"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(invitation, client, field, typed, said):
    answer = client.post(link(invitation), LENA | {field: typed})
    assert answer.status_code == 422
    assert said in text_of(answer)
    if field != "name":
        assert 'value="Lena Hoffmann"' in text_of(answer)
    assert "a lantern over the harbour" not in text_of(answer)
    assert "data-own-zone" not in text_of(answer)
    assert not User.objects.filter(email="lena@northwind.example").exists()


def test_somebody_with_a_login_signs_in_first_and_then_joins(
    contract, customer, manager, foreign_contact, client
):
    invitation = invite_person(
        customer,
        email=foreign_contact.email,
        is_manager=False,
        sees_company=False,
        gives_seat=False,
        by=manager,
    )
    page = text_of(client.get(link(invitation)))
    assert f"/accounts/login/?next={link(invitation)}" in page
    assert 'name="password"' not in page
    # A form made up by hand makes no second login and takes none over.
    client.post(link(invitation), LENA)
    assert User.objects.filter(email=foreign_contact.email).count() == 1
    client.force_login(foreign_contact)
    answer = client.post(link(invitation), follow=True)
    assert answer.redirect_chain == [("/companies/northwind-logistics/", 302)]
    assert Membership.objects.filter(user=foreign_contact, customer=customer).exists()


def test_somebody_signed_in_with_another_address_does_not_join(invitation, foreign_contact, client):
    client.force_login(foreign_contact)
    assert "You are signed in as" in text_of(client.get(link(invitation)))
    assert client.post(link(invitation)).status_code == 403
    assert not Membership.objects.filter(
        user=foreign_contact, customer=invitation.customer
    ).exists()


def test_our_own_people_are_told_why_they_do_not_join(customer, manager, engineer, client):
    invitation = invite_person(
        customer,
        email=engineer.email,
        is_manager=False,
        sees_company=False,
        gives_seat=False,
        by=manager,
    )
    client.force_login(engineer)
    page = text_of(client.get(link(invitation)))
    assert "a login of our own staff, who belong to no customer’s company" in page
    assert "Join Northwind Logistics</button>" not in page
    assert client.post(link(invitation)).status_code == 403
    assert not Membership.objects.filter(user=engineer).exists()


def test_a_link_is_withdrawn_from_the_list(invitation, manager, client):
    client.force_login(manager)
    path = f"/companies/northwind-logistics/invitations/{invitation.pk}/withdrawal/"
    assert "is withdrawn" in text_of(client.post(path, follow=True))
    assert Client().get(link(invitation)).status_code == 404


def test_an_invitation_of_another_company_is_not_there(invitation, foreign_contact, client):
    Membership.objects.filter(user=foreign_contact).update(is_manager=True)
    client.force_login(foreign_contact)
    for act in ("sending", "withdrawal"):
        path = f"/companies/eastgate-hospitals/invitations/{invitation.pk}/{act}/"
        assert client.post(path).status_code == 404
