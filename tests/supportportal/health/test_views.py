"""Probes are told little, those who keep the portal running everything."""

import socket
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.conf import settings as portal_settings
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from entitlements.models import Contract
from notifications.models import Delivery
from notifications.operations import notify
from sla.models import Clock, ClockAudit, Heartbeat
from sla.operations import beat_heart
from tests.factories.due_tickets import make_due_tickets
from tickets.periodic import watch_clocks

BACKEND = portal_settings.AUTHENTICATION_BACKENDS[0]


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def let_watch_be(seconds: float) -> None:
    """Put the watch's last look back by so much."""
    beat_heart(Heartbeat.WATCH)
    beaten = Heartbeat.objects.get(name=Heartbeat.WATCH).at
    Heartbeat.objects.update(at=beaten - timedelta(seconds=seconds))


@pytest.mark.django_db
def test_all_is_well_once_the_watch_has_looked() -> None:
    assert Client().get("/health/").status_code == 503
    watch_clocks()
    answer = Client().get("/health/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_the_web_process_is_alive_before_the_worker_has_run() -> None:
    with CaptureQueriesContext(connection) as captured:
        answer = Client().get("/health/live/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert not captured.captured_queries


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "status"), [(25, 200), (35, 503)])
def test_the_watch_is_late_after_thirty_seconds(seconds: int, status: int) -> None:
    let_watch_be(seconds)
    assert Client().get("/health/").status_code == status


@pytest.mark.django_db
def test_the_heart_of_the_watch_is_one_row_and_one_statement() -> None:
    beat_heart(Heartbeat.WATCH)
    before = Heartbeat.objects.get()
    with CaptureQueriesContext(connection) as captured:
        beat_heart(Heartbeat.WATCH)
    assert len(captured) == 1
    after = Heartbeat.objects.get()
    assert after.pk == before.pk
    assert after.at > before.at


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "status"), [(4, 200), (6, 503)])
def test_mail_that_nobody_sends_is_noticed_after_five_minutes(
    colleague: User, minutes: int, status: int
) -> None:
    let_watch_be(0)
    notify([colleague], key="one", kind="test", subject="One", body="Text.")
    Delivery.objects.update(next_try_at=timezone.now() - timedelta(minutes=minutes))
    assert Client().get("/health/").status_code == status


@pytest.mark.django_db
def test_mail_postponed_by_the_mail_server_is_no_fault_of_the_relay(colleague: User) -> None:
    let_watch_be(0)
    notify([colleague], key="one", kind="test", subject="One", body="Text.")
    Delivery.objects.update(attempts=9, next_try_at=timezone.now() + timedelta(hours=1))
    assert Client().get("/health/").status_code == 200


@pytest.fixture
def silent_server() -> Iterator[int]:
    """Something that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.django_db
def test_a_broker_that_hangs_is_given_up_within_a_second(
    silent_server: int, settings: LazySettings
) -> None:
    let_watch_be(0)
    settings.REDIS_URL = f"redis://127.0.0.1:{silent_server}/0"
    began = time.monotonic()
    answer = Client().get("/health/")
    assert answer.status_code == 503
    assert time.monotonic() - began < 1.5  # the broker's half second, and a slow machine


@pytest.mark.django_db
def test_without_the_database_a_probe_still_gets_an_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OperationalError("connection to server at 10.0.0.7 failed")

    monkeypatch.setattr("supportportal.health.checks.connection.cursor", refuse)
    answer = Client().get("/health/")
    assert (answer.status_code, answer.json()) == (503, {"status": "degraded"})


@pytest.mark.django_db
def test_a_duty_lead_is_told_what_does_not_work(duty_lead: User) -> None:
    let_watch_be(100)
    answer = browser_of(duty_lead).get("/health/")
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert {key: check["status"] for key, check in checks.items()} == {
        "database": "ok",
        "broker": "ok",
        "watch": "failed",
        "mail": "ok",
        "webhooks": "ok",
        "sendings": "ok",
        "audit": "ok",
    }
    page = browser_of(duty_lead).get("/status/").content.decode()
    assert "Something does not work" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hours", "differing", "status"), [(35, 0, 200), (37, 0, 503), (1, 1, 503)]
)
def test_clocks_that_differ_and_nights_without_an_audit_are_noticed(
    hours: int, differing: int, status: int
) -> None:
    let_watch_be(0)
    began_at = timezone.now() - timedelta(hours=hours)
    ClockAudit.objects.create(
        began_at=began_at, ended_at=began_at + timedelta(minutes=1), differing=differing
    )
    assert Client().get("/health/").status_code == status


@pytest.mark.django_db
def test_customers_and_engineers_are_told_no_more_than_a_probe(
    colleague: User, engineer: User
) -> None:
    let_watch_be(0)
    for user in (colleague, engineer):
        browser = browser_of(user)
        assert browser.get("/health/").json() == {"status": "ok"}
        assert browser.get("/status/").status_code == (403 if user.is_staff_member else 404)


@pytest.mark.django_db
def test_a_clock_set_aside_stands_on_the_page_with_its_ticket(
    contract: Contract, contact: User, engineer: User, duty_lead: User
) -> None:
    tickets = make_due_tickets(contract, contact, count=2, began_ago=timedelta(minutes=12))
    assert tickets[0].response_clock is not None
    Clock.objects.filter(pk=tickets[0].response_clock.pk).update(zone="Mars/Base")
    watch_clocks()

    page = browser_of(duty_lead).get("/status/").content.decode()

    assert f'<a href="/tickets/{tickets[0].number}/">{tickets[0].reference}</a>' in page
    assert "UnknownZone" in page
    assert tickets[1].reference not in page
    # A clock that cannot be calculated takes no web process out of the rotation.
    assert Client().get("/health/").status_code == 200
