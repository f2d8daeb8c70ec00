"""The client counts what came back, and says what was wrong."""

import itertools
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.load.client import get, run


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(404 if self.path == "/gone" else 200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        assert isinstance(server, socketserver.TCPServer)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


def test_every_answer_is_timed(port: int) -> None:
    outcome = run(port, lambda: itertools.repeat(get("/")), concurrency=2, seconds=0.2)

    assert outcome.wrong == []
    assert len(outcome.took) > 2
    assert 0 < min(outcome.took) <= outcome.seconds
    assert outcome.received > len(b"hello") * len(outcome.took)


def test_a_wrong_status_is_told(port: int) -> None:
    outcome = run(port, lambda: itertools.repeat(get("/gone")), concurrency=1, seconds=0.2)

    assert len(outcome.wrong) == 1
    assert outcome.wrong[0].startswith("404")
