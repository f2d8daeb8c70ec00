"""Prometheus reads the watch's figures; nobody else does."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.conf import LazySettings
from django.db import OperationalError
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from accounts.models import User
from entitlements.models import Contract
from sla.models import Clock, StepRecord
from sla.operations import database_now
from tests.factories.due_tickets import make_due_tickets
from tickets.periodic import watch_clocks

TOKEN = "a-token-of-more-than-twenty-characters"


@pytest.fixture(autouse=True)
def with_token(settings: LazySettings) -> None:
    settings.METRICS_TOKEN = TOKEN


def scrape() -> dict[tuple[str, ...], float]:
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, *sorted(sample.labels.values(), reverse=True)): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


@pytest.mark.django_db
def test_lag_is_told_by_share_and_span(
    contract: Contract, contact: User, engineer: User, duty_lead: User
) -> None:
    # A step 9:54 into thirty minutes; so long after it each was recorded.
    make_due_tickets(contract, contact, count=5, began_ago=timedelta(minutes=12))
    watch_clocks()
    for record, lag in zip(StepRecord.objects.order_by("pk"), (1, 2, 3, 4, 8), strict=True):
        StepRecord.objects.filter(pk=record.pk).update(
            due_at=record.recorded_at - timedelta(seconds=lag), late=False
        )

    told = scrape()

    assert told["portal_watch_steps", "hour"] == told["portal_watch_steps", "day"] == 5
    # Of five values the share 0.95 lies at rank 3.8: 4 + 0.8 × 4; the share 0.99 at 3.96.
    assert told["portal_watch_lag_seconds", "hour", "0.5"] == 3
    assert told["portal_watch_lag_seconds", "hour", "0.95"] == pytest.approx(7.2)
    assert told["portal_watch_lag_seconds", "hour", "0.99"] == pytest.approx(7.84)
    assert told["portal_watch_lag_seconds", "day", "1"] == 8

    StepRecord.objects.update(recorded_at=database_now() - timedelta(hours=2))
    told = scrape()
    assert told["portal_watch_steps", "hour"] == 0
    assert told["portal_watch_steps", "day"] == 5
    assert ("portal_watch_lag_seconds", "hour", "0.5") not in told


@pytest.mark.django_db
def test_a_step_that_an_overturned_answer_put_into_the_past_is_no_lag(
    contract: Contract, contact: User, engineer: User, duty_lead: User
) -> None:
    (ticket,) = make_due_tickets(contract, contact, count=1, began_ago=timedelta(minutes=12))
    clock = ticket.response_clock
    assert clock is not None
    # Its only event, the start, was recorded just now: no look could have come sooner.
    watch_clocks()

    record = clock.step_records.get()
    assert record.late
    assert record.recorded_at - record.due_at > timedelta(minutes=2)
    assert scrape()["portal_watch_lag_seconds", "hour", "1"] < 30


@pytest.mark.django_db
def test_backlog_and_clocks_set_aside_are_told(
    contract: Contract, contact: User, engineer: User, duty_lead: User
) -> None:
    tickets = make_due_tickets(contract, contact, count=4, began_ago=timedelta(minutes=12))
    told = scrape()
    assert told["portal_watch_backlog",] == told["portal_clocks_running",] == 4
    assert told["portal_watch_backlog_age_seconds",] == pytest.approx(126, abs=20)
    assert told["portal_check_ok", "watch"] == 0

    assert tickets[0].response_clock is not None
    Clock.objects.filter(pk=tickets[0].response_clock.pk).update(zone="Mars/Base")
    watch_clocks()

    told = scrape()
    assert told["portal_watch_backlog",] == told["portal_watch_backlog_age_seconds",] == 0
    assert told["portal_clocks_set_aside",] == 1
    assert told["portal_watch_age_seconds",] < 10
    assert told["portal_check_ok", "watch"] == told["portal_check_ok", "database"] == 1


@pytest.mark.django_db
def test_without_the_database_the_rest_is_still_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("supportportal.health.checks.connection.cursor", refuse)
    told = scrape()
    assert told["portal_check_ok", "database"] == 0
    assert told["portal_check_ok", "broker"] == 1
    assert ("portal_watch_backlog",) not in told


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}]
)
def test_without_the_token_there_is_no_such_page(headers: dict[str, str]) -> None:
    assert Client().get("/metrics", headers=headers).status_code == 404


@pytest.mark.django_db
def test_an_empty_token_opens_nothing(settings: LazySettings) -> None:
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
def test_a_named_network_may_ask_but_not_through_the_proxy(settings: LazySettings) -> None:
    settings.METRICS_NETWORKS = [ip_network("10.1.0.0/16")]
    client = Client()
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.2.2.3").status_code == 404
    through = client.get("/metrics", REMOTE_ADDR="10.1.2.3", HTTP_X_FORWARDED_FOR="192.0.2.1")
    assert through.status_code == 404
