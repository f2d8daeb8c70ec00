"""The outside hears of the watch over real HTTP; nothing it does harms the watch."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import LazySettings

from sla.models import Heartbeat
from sla.operations import outside_heartbeat
from sla.operations.outside_heartbeat import ping_outside
from tickets.periodic import watch_clocks

pytestmark = pytest.mark.django_db


class Outside:
    """A server that counts who asked, and answers with the status it was given."""

    def __init__(self, status: int = 200) -> None:
        outside = self
        self.heard: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outside.heard.append(self.path)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/ping/secret"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def outside() -> Iterator[Outside]:
    server = Outside()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside_heartbeat._Pause, "until", 0.0)


def wait_for_threads() -> None:
    for thread in threading.enumerate():
        if thread.name == "outside-heartbeat":
            thread.join(10)


def let_pass(seconds: float) -> None:
    """Let so much time pass since the last ping, for the database and this process."""
    beat = Heartbeat.objects.get(name=Heartbeat.OUTSIDE)
    Heartbeat.objects.filter(pk=beat.pk).update(at=beat.at - timedelta(seconds=seconds))
    outside_heartbeat._Pause.until = 0.0


def test_the_watch_is_heard_once_an_interval(outside: Outside, settings: LazySettings) -> None:
    settings.HEARTBEAT_URL = outside.url
    for _ in range(3):
        watch_clocks()
    wait_for_threads()
    assert outside.heard == ["/ping/secret"]

    let_pass(29)
    watch_clocks()
    wait_for_threads()
    assert len(outside.heard) == 1

    let_pass(2)
    watch_clocks()
    wait_for_threads()
    assert len(outside.heard) == 2


def test_of_two_workers_one_is_heard(outside: Outside, settings: LazySettings) -> None:
    settings.HEARTBEAT_URL = outside.url
    assert ping_outside()
    outside_heartbeat._Pause.until = 0.0  # the other worker's own memory
    assert not ping_outside()
    wait_for_threads()
    assert len(outside.heard) == 1


def test_a_watch_that_fails_is_silent(
    outside: Outside, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HEARTBEAT_URL = outside.url

    def stumble() -> int:
        raise RuntimeError("no look")

    monkeypatch.setattr("tickets.periodic.escalate_due_tickets", stumble)
    with pytest.raises(RuntimeError):
        watch_clocks()
    wait_for_threads()
    assert outside.heard == []


def test_without_an_address_nobody_is_asked(settings: LazySettings) -> None:
    settings.HEARTBEAT_URL = ""
    assert not ping_outside()
    assert not Heartbeat.objects.filter(name=Heartbeat.OUTSIDE).exists()


def test_an_outside_that_fails_harms_nothing_and_its_address_is_not_logged(
    settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Outside(status=500)
    settings.HEARTBEAT_URL = broken.url
    watch_clocks()
    wait_for_threads()
    broken.close()
    assert broken.heard
    assert "not heard" in caplog.text
    assert "secret" not in caplog.text

    # Nobody listens at all.
    let_pass(60)
    watch_clocks()
    wait_for_threads()
    assert caplog.text.count("not heard") == 2


def test_an_outside_that_hangs_does_not_delay_the_watch(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside_heartbeat, "PATIENCE_SECONDS", 1.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.HEARTBEAT_URL = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        began = time.monotonic()
        watch_clocks()
        assert time.monotonic() - began < 1
        wait_for_threads()
