"""An administrator switches our own objectives on and off."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from entitlements.models import Contract, Objective

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(contract: Contract) -> str:
    return reverse("objectives", args=[contract.edition.key])


def test_hours_switch_it_on_and_an_empty_field_off(
    client: Client, administrator: User, page: str
) -> None:
    client.force_login(administrator)
    assert client.post(page, {"resolution_3": "20", "next_response_1": "0.5"}).status_code == 302
    kept = {(one.service_level.severity, one.obligation, one.target) for one in _all()}
    assert kept == {
        (3, "resolution", timedelta(hours=20)),
        (1, "next_response", timedelta(minutes=30)),
    }
    shown = client.get(page).content.decode()
    assert 'value="20"' in shown
    assert 'value="0.5"' in shown

    assert client.post(page, {"next_response_1": "0.5"}).status_code == 302
    assert [one.obligation for one in _all()] == ["next_response"]
    audit = AuditEvent.objects.filter(action="objectives changed").latest("pk")
    assert audit.changes == {"Medium, resolution": ["20 h", "off"]}


def test_nothing_changed_leaves_no_row(client: Client, administrator: User, page: str) -> None:
    client.force_login(administrator)
    client.post(page, {})
    assert not AuditEvent.objects.filter(action="objectives changed").exists()


@pytest.mark.parametrize("typed", ["soon", "0", "-1", "9000"])
def test_what_is_no_time_is_refused_beside_its_field(
    client: Client, administrator: User, page: str, typed: str
) -> None:
    client.force_login(administrator)
    answer = client.post(page, {"resolution_3": typed, "resolution_2": "8"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert 'id="id_resolution_3-error"' in shown
    assert f'value="{typed}"' in shown
    assert not _all()


def test_only_an_administrator_opens_it(client: Client, duty_lead: User, page: str) -> None:
    client.force_login(duty_lead)
    assert client.get(page).status_code == 403


def _all() -> list[Objective]:
    return list(Objective.objects.select_related("service_level"))
