"""Who a program acts as, and when it no longer may. Rights follow the person at once."""

from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.conf import settings as portal_settings
from django.test import Client
from rest_framework.test import APIClient

from accounts.choices import Role, TokenScope
from accounts.models import ApiToken, User
from accounts.operations import change_roles, create_api_token, revoke_api_token
from entitlements.models import Customer
from tests.programs import program_of
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

TICKETS = "/api/v1/tickets/"
FILING = {
    "company": "northwind-logistics",
    "kind": "break_fix",
    "severity": 3,
    "subject": "Printers stopped",
    "description": "All of them.",
}
BACKEND = portal_settings.AUTHENTICATION_BACKENDS[0]


def code(answer) -> str:
    (error,) = answer.json()["errors"]
    return str(error["code"])


def test_a_read_token_reads(contact: User) -> None:
    assert program_of(contact, TokenScope.READ).get(TICKETS).status_code == 200


def test_a_read_token_writes_nothing(contact: User) -> None:
    answer = program_of(contact, TokenScope.READ).post(TICKETS, FILING)
    assert (answer.status_code, code(answer)) == (403, "permission_denied")
    assert not Ticket.objects.exists()


def test_a_revoked_token_is_dead_at_once(contact: User) -> None:
    program = program_of(contact)
    assert program.get(TICKETS).status_code == 200
    revoke_api_token(contact.api_tokens.get(), by=contact)
    answer = program.get(TICKETS)
    assert (answer.status_code, code(answer)) == (401, "authentication_failed")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_an_expired_token_is_dead_from_its_instant_on(
    contact: User, tuesday: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = program_of(contact)
    end = tuesday + timedelta(days=30)
    monkeypatch.setattr("django.utils.timezone.now", lambda: end - timedelta(microseconds=1))
    assert program.get(TICKETS).status_code == 200
    monkeypatch.setattr("django.utils.timezone.now", lambda: end)
    assert program.get(TICKETS).status_code == 401


def test_the_token_of_a_disabled_person_is_dead_at_once(contact: User) -> None:
    program = program_of(contact)
    User.objects.filter(pk=contact.pk).update(is_active=False)
    assert program.get(TICKETS).status_code == 401


def test_the_token_of_a_demoted_engineer_sees_nothing_more(
    engineer: User, administrator: User, contact: User
) -> None:
    number = program_of(contact).post(TICKETS, FILING).json()["number"]
    program = program_of(engineer)
    assert program.get(f"{TICKETS}{number}/notes/").status_code == 200
    change_roles(engineer, roles=[], by=administrator)
    assert program.get(f"{TICKETS}{number}/notes/").status_code == 404
    assert program.get(f"{TICKETS}{number}/").status_code == 404


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer spt_unknown", "bearer spt_\xe4", "Bearer a b c"]
)
def test_an_unknown_secret_and_a_dead_one_look_alike(contact: User, header: str) -> None:
    token, secret = create_api_token(contact, name="old", scope=TokenScope.READ, days=1, by=contact)
    revoke_api_token(token, by=contact)
    dead = APIClient(HTTP_AUTHORIZATION=f"Bearer {secret}").get(TICKETS)
    unknown = APIClient(HTTP_AUTHORIZATION=header).get(TICKETS)
    assert (unknown.status_code, unknown.json()) == (dead.status_code, dead.json())
    assert dead.status_code == 401


def test_only_a_fingerprint_of_the_secret_is_stored(contact: User) -> None:
    _, secret = create_api_token(contact, name="one", scope=TokenScope.READ, days=1, by=contact)
    stored = ApiToken.objects.values().get()
    assert secret.startswith("spt_")
    assert all(secret not in str(value) for value in stored.values())
    assert len(secret) == len("spt_") + 43  # 256 bits in base 64


def test_a_signed_in_browser_reads(contact: User) -> None:
    client = Client()
    client.force_login(contact, backend=BACKEND)
    assert client.get(TICKETS).status_code == 200


def test_a_signed_in_browser_writes_only_with_its_csrf_token(
    contact: User, customer: Customer
) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(contact, backend=BACKEND)
    answer = client.post(TICKETS, FILING, format="json")
    assert answer.status_code == 403
    assert not Ticket.objects.exists()

    client.get("/profile/")
    token = client.cookies["csrftoken"].value
    answer = client.post(TICKETS, FILING, format="json", headers={"X-CSRFToken": token})
    assert answer.status_code == 201


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_json_dressed_as_a_form_is_refused(contact: User, kind: str) -> None:
    answer = program_of(contact).generic("POST", TICKETS, '{"kind": "break_fix"}', kind)
    assert answer.status_code == 415
    assert not Ticket.objects.exists()


def test_staff_without_their_second_factor_do_nothing(
    engineer: User, contact: User, settings: LazySettings
) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    browser = Client()
    browser.force_login(engineer, backend=BACKEND)
    for answer in (program_of(engineer).get(TICKETS), browser.get(TICKETS)):
        assert answer.status_code == 403
        assert "authenticator app" in answer.json()["errors"][0]["message"]
    assert program_of(contact).get(TICKETS).status_code == 200
    Authenticator.objects.create(user=engineer, type=Authenticator.Type.TOTP, data={})
    assert program_of(engineer).get(TICKETS).status_code == 200


def test_a_tam_sees_their_customers_tickets_and_no_others(
    tam: User, contact: User, foreign_contact: User
) -> None:
    assert tam.has_role(Role.TAM)
    own = program_of(contact).post(TICKETS, FILING).json()["number"]
    other = program_of(foreign_contact).post(TICKETS, {**FILING, "company": "eastgate-hospitals"})
    assert other.status_code == 201
    listed = program_of(tam).get(TICKETS).json()["results"]
    assert [one["number"] for one in listed] == [own]
