from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from entitlements.errors import ContractConflict, InvitationGone
from entitlements.invitation_mail import mail_due_invitations
from entitlements.models import Invitation, Membership, SeatHolding
from entitlements.operations.customers import add_person, remove_person
from entitlements.operations.invitation_acceptance import (
    Newcomer,
    accept_invitation,
    open_invitation,
)
from entitlements.operations.invitations import (
    invite_person,
    send_invitation_again,
    withdraw_invitation,
)
from notifications.models import Notice
from tests.factories import entitlements as factory
from tests.racing import race, refusals

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
LENA = Newcomer("Lena Hoffmann", "correct horse battery", "+49 30 555 01", "", "Europe/Berlin")


def invite(customer: Any, by: User, email: str = "Lena@Northwind.example", **given: Any) -> Any:
    said: dict[str, Any] = {"is_manager": False, "sees_company": True, "gives_seat": False}
    return invite_person(customer, email=email, by=by, **(said | {"now": NOW} | given))


def rows() -> list[Any]:
    models = (Invitation, User, Membership, SeatHolding, AuditEvent, Notice)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def latest_audit() -> AuditEvent:
    return AuditEvent.objects.order_by("-pk")[0]


def test_an_invitation_is_kept_with_a_hash_and_recorded(customer, manager):
    invitation = invite(customer, manager)
    assert (invitation.email, invitation.expires_at) == ("lena@northwind.example", NOW + WEEK)
    secret = invitation.secret()
    assert len(secret) == 43  # 256 bits
    stored = str(Invitation.objects.values().get())
    assert secret not in stored
    assert Invitation.digest_of(secret) in stored
    assert secret not in str(list(AuditEvent.objects.values()))
    assert (latest_audit().action, latest_audit().by) == ("person invited", manager)
    assert latest_audit().changes == {"sees_company": [False, True]}


def test_the_mail_carries_the_link_and_says_only_who_invites_to_what(customer, manager):
    invitation = invite(customer, manager)
    assert mail_due_invitations() == 1
    (sent,) = mail.outbox
    assert sent.to == ["lena@northwind.example"]
    assert sent.subject == "Elena Brandt invites you to the support of Orrin"
    assert f"/invitations/{invitation.secret()}/" in str(sent.body)
    assert "Northwind Logistics" in str(sent.body)
    assert "Tue 17 Mar, 11:00 ET" in str(sent.body)
    assert mail_due_invitations() == 0
    invitation.refresh_from_db()
    assert invitation.mailed_at is not None


def test_a_mail_that_fails_is_tried_again(customer, manager, monkeypatch):
    invitation = invite(customer, manager)

    def away(*given: Any) -> None:
        raise OSError("away")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", away)
        assert mail_due_invitations() == 0
    invitation.refresh_from_db()
    assert (invitation.mailed_at, invitation.attempts) == (None, 1)
    Invitation.objects.update(next_try_at=NOW)
    assert mail_due_invitations() == 1


def test_somebody_new_accepts_once_and_belongs_to_the_company(customer, manager):
    invitation = invite(customer, manager, is_manager=True)
    membership = accept_invitation(invitation.secret(), newcomer=LENA, now=NOW + WEEK / 2)
    user = membership.user
    assert (user.name, user.email, user.timezone) == (
        "Lena Hoffmann",
        "lena@northwind.example",
        "Europe/Berlin",
    )
    assert user.check_password("correct horse battery")
    assert (membership.is_manager, membership.sees_company) == (True, True)
    invitation.refresh_from_db()
    assert (invitation.accepted_by, invitation.accepted_at) == (user, NOW + WEEK / 2)
    assert (latest_audit().action, latest_audit().by) == ("invitation accepted", user)
    notice = Notice.objects.get(recipient=manager)
    assert notice.subject == "Lena Hoffmann has joined Northwind Logistics"
    before = rows()
    with pytest.raises(InvitationGone):
        accept_invitation(invitation.secret(), newcomer=LENA, now=NOW + WEEK / 2)
    assert rows() == before


def test_somebody_with_a_login_accepts_signed_in_as_themselves(
    customer, manager, foreign_contact, engineer
):
    invitation = invite(customer, manager, email=foreign_contact.email)
    before = rows()
    with pytest.raises(InvalidInput):  # not by making a second login, nor a new password
        accept_invitation(invitation.secret(), newcomer=LENA, now=NOW)
    with pytest.raises(NotAllowed):
        accept_invitation(invitation.secret(), by=engineer, now=NOW)
    assert rows() == before
    membership = accept_invitation(invitation.secret(), by=foreign_contact, now=NOW)
    assert membership.user == foreign_contact
    assert foreign_contact.memberships.count() == 2


def test_our_own_people_join_no_company(customer, manager, engineer):
    invitation = invite(customer, manager, email=engineer.email)
    before = rows()
    with pytest.raises(NotAllowed, match="our own staff"):
        accept_invitation(invitation.secret(), by=engineer, now=NOW)
    with pytest.raises(InvalidInput):
        accept_invitation(invitation.secret(), newcomer=LENA, now=NOW)
    assert rows() == before


def test_inviting_answers_the_same_whoever_has_a_login(customer, manager, foreign_contact):
    invite(customer, manager, email=foreign_contact.email)
    known = [event.action for event in AuditEvent.objects.order_by("-pk")[:1]]
    invite(customer, manager, email="nobody@northwind.example")
    unknown = [event.action for event in AuditEvent.objects.order_by("-pk")[:1]]
    assert known == unknown
    assert mail_due_invitations() == 2
    first, second = mail.outbox
    assert len(str(first.body)) == len(str(second.body))


@pytest.mark.parametrize("secret", ["", " ", "x", "A" * 43])
def test_a_secret_that_was_never_sent_opens_nothing(customer, manager, secret):
    invite(customer, manager)
    with pytest.raises(InvitationGone):
        open_invitation(secret, now=NOW)


def test_an_invitation_expires_at_the_instant_it_says(customer, manager):
    invitation = invite(customer, manager)
    just_before = NOW + WEEK - timedelta(microseconds=1)
    assert open_invitation(invitation.secret(), now=just_before) == invitation
    before = rows()
    with pytest.raises(InvitationGone):
        accept_invitation(invitation.secret(), newcomer=LENA, now=NOW + WEEK)
    assert rows() == before


def test_a_withdrawn_invitation_opens_nothing(customer, manager):
    invitation = invite(customer, manager)
    withdraw_invitation(invitation, by=manager, now=NOW)
    assert latest_audit().action == "invitation withdrawn"
    with pytest.raises(InvitationGone):
        open_invitation(invitation.secret(), now=NOW)
    assert mail_due_invitations() == 0
    with pytest.raises(ContractConflict):
        withdraw_invitation(invitation, by=manager)


def test_an_invitation_dies_with_the_rights_of_who_sent_it(customer, manager, administrator):
    invitation = invite(customer, manager)
    remove_person(manager.memberships.get(), by=administrator, now=NOW)
    with pytest.raises(InvitationGone):
        open_invitation(invitation.secret(), now=NOW)


def add(customer: Any, by: User, **given: Any) -> Membership:
    said: dict[str, Any] = {
        "email": "lena@northwind.example",
        "name": "Lena Hoffmann",
        "phone": "",
        "title": "",
        "zone": "Europe/Berlin",
        "is_manager": False,
        "sees_company": False,
    }
    return add_person(customer, by=by, **(said | {"now": NOW} | given))


def test_an_invitation_dies_with_the_place_of_who_was_invited(customer, manager, administrator):
    invitation = invite(customer, manager)
    foreign = invite(factory.make_customer("Eastgate"), administrator)
    membership = add(customer, administrator)
    remove_person(membership, by=manager, now=NOW)
    with pytest.raises(InvitationGone):
        accept_invitation(invitation.secret(), by=membership.user, now=NOW)
    membership.refresh_from_db()
    assert membership.left_at == NOW
    assert latest_audit().action == "person removed"
    withdrawn = AuditEvent.objects.get(action="invitation withdrawn")
    assert (withdrawn.by, withdrawn.subject_id) == (manager, invitation.pk)
    assert open_invitation(foreign.secret(), now=NOW) == foreign
    invite(customer, manager)  # and they can be invited anew


def test_an_old_invitation_changes_nothing_for_who_belongs_already(
    customer, manager, administrator
):
    invitation = invite(customer, manager, gives_seat=True)
    membership = add(customer, administrator, is_manager=True)
    before = rows()
    with pytest.raises(InvitationGone, match="belongs to Northwind Logistics already"):
        accept_invitation(invitation.secret(), by=membership.user, now=NOW)
    assert rows() == before


def test_sent_again_the_link_is_another_and_the_first_is_dead(customer, manager):
    invitation = invite(customer, manager)
    first = invitation.secret()
    with pytest.raises(ContractConflict):
        send_invitation_again(invitation, by=manager, now=NOW + timedelta(minutes=4))
    again = send_invitation_again(invitation, by=manager, now=NOW + WEEK * 2)
    assert again.expires_at == NOW + WEEK * 3
    assert again.secret() != first
    with pytest.raises(InvitationGone):
        open_invitation(first, now=NOW + WEEK * 2)
    assert open_invitation(again.secret(), now=NOW + WEEK * 2) == invitation
    assert latest_audit().action == "invitation sent again"


def test_an_address_is_invited_once_and_anew_when_that_expired(customer, manager, colleague):
    first = invite(customer, manager)
    before = rows()
    for address in ("LENA@northwind.example", colleague.email):
        with pytest.raises(InvalidInput) as refusal:
            invite(customer, manager, email=address)
        assert refusal.value.field == "email"
    assert rows() == before
    second = invite(customer, manager, now=NOW + WEEK)
    first.refresh_from_db()
    assert first.withdrawn_at == NOW + WEEK
    assert second.pk != first.pk


def test_the_database_holds_one_open_invitation_of_an_address(customer, manager):
    invite(customer, manager)
    with pytest.raises(IntegrityError, match="an_address_has_one_open"), transaction.atomic():
        Invitation.objects.create(
            customer=customer,
            email="LENA@northwind.example",
            digest="another",
            invited_by=manager,
            sent_at=NOW,
            expires_at=NOW + WEEK,
        )


@pytest.mark.parametrize("person", ["contact", "colleague", "foreign_contact", "engineer", "tam"])
def test_only_the_manager_or_an_administrator_invites(request, customer, manager, person):
    by = request.getfixturevalue(person)
    invitation = invite(customer, manager)
    before = rows()
    with pytest.raises(NotAllowed):
        invite(customer, by, email="other@northwind.example")
    with pytest.raises(NotAllowed):
        send_invitation_again(invitation, by=by, now=NOW + WEEK)
    with pytest.raises(NotAllowed):
        withdraw_invitation(invitation, by=by)
    assert rows() == before


def test_a_promised_seat_is_given_when_one_is_free(contract, customer, manager):
    invitation = invite(customer, manager, gives_seat=True)
    membership = accept_invitation(invitation.secret(), newcomer=LENA, now=NOW)
    assert contract.seat_holdings.get().membership == membership
    assert "contact seat" not in Notice.objects.get(recipient=manager).body


def test_without_a_free_seat_they_join_and_the_manager_is_told(catalogue, customer, manager):
    contract = factory.make_contract(customer, "msa-start")
    factory.make_contact(contract, "Priya Raman")
    invitation = invite(customer, manager, gives_seat=True)
    membership = accept_invitation(invitation.secret(), newcomer=LENA, now=NOW)
    assert membership.left_at is None
    contract.refresh_from_db()
    assert contract.seats_held == 1
    told = Notice.objects.get(recipient=manager, kind="invitation_accepted")
    assert "no contact seat is free" in told.body


def test_a_company_invites_no_crowd(customer, manager, monkeypatch):
    monkeypatch.setattr("entitlements.operations.invitations.MOST_IN_AN_HOUR", 2)
    invite(customer, manager, email="a@northwind.example")
    invite(customer, manager, email="b@northwind.example")
    with pytest.raises(InvalidInput):
        invite(customer, manager, email="c@northwind.example")
    invite(customer, manager, email="c@northwind.example", now=NOW + timedelta(hours=2))


@pytest.mark.django_db(transaction=True)
def test_a_link_opened_twice_at_once_lets_one_in(catalogue, customer, manager):
    invitation = invite(customer, manager)
    outcomes = race(
        lambda: accept_invitation(invitation.secret(), newcomer=LENA, now=NOW),
        lambda: accept_invitation(invitation.secret(), newcomer=LENA, now=NOW),
    )
    assert len(refusals(outcomes, InvitationGone)) == 1
    assert Membership.objects.filter(customer=customer).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_managers_who_invite_the_same_colleague_at_once_send_one_mail(customer, manager):
    other = factory.make_person(customer, "Otto Stein", is_manager=True).user
    outcomes = race(lambda: invite(customer, manager), lambda: invite(customer, other))
    assert len(refusals(outcomes, InvalidInput)) == 1
    assert Invitation.objects.open().count() == 1
