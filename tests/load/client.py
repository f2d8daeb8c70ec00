"""A light load client: keep-alive connections over plain sockets, a thread for each."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent, ready as bytes, and the status that must come back."""

    wire: bytes
    status: int = 200


@dataclass
class Outcome:
    """What a run gave. Units: seconds; bytes, headers included."""

    seconds: float = 0.0
    received: int = 0
    took: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.took) / self.seconds


class Connection:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, wire: bytes) -> tuple[int, bytes]:
        """Send a request and return the status and the whole answer, headers included."""
        self._socket.sendall(wire)
        answer = bytearray()
        end = -1
        while end < 0:
            answer += self._receive()
            end = answer.find(b"\r\n\r\n")
        head = bytes(answer[: end + 2])
        if (length := _LENGTH.search(head)) is not None:
            whole = end + 4 + int(length[1])
            while len(answer) < whole:
                answer += self._receive()
        elif _CHUNKED.search(head):
            while not answer.endswith(b"0\r\n\r\n"):
                answer += self._receive()
        return int(head[9:12]), bytes(answer)

    def close(self) -> None:
        self._socket.close()

    def _receive(self) -> bytes:
        received = self._socket.recv(262_144)
        if not received:
            raise ConnectionError("The server closed the connection.")
        return received


def get(path: str, *headers: str) -> Request:
    """Make a GET of a page as the proxy would pass it on."""
    return Request(_wire("GET", path, headers))


def post(path: str, body: bytes, *headers: str, status: int) -> Request:
    """Make a POST of JSON."""
    more = ("Content-Type: application/json", f"Content-Length: {len(body)}")
    return Request(_wire("POST", path, (*headers, *more)) + body, status)


def run(
    port: int,
    requests: Callable[[], Iterator[Request]],
    *,
    concurrency: int,
    seconds: float,
) -> Outcome:
    """Send requests over so many connections for so long. Every answer's status is checked."""
    outcome = Outcome()
    source, lock = requests(), threading.Lock()
    began = time.perf_counter()

    def work() -> None:
        connection = Connection(port)
        took, received = [], 0
        while time.perf_counter() - began < seconds:
            with lock:
                request = next(source)
            start = time.perf_counter()
            status, answer = connection.send(request.wire)
            took.append(time.perf_counter() - start)
            received += len(answer)
            if status != request.status:
                outcome.wrong.append(f"{status}: {answer[-300:].decode(errors='replace')}")
                break
        connection.close()
        with lock:
            outcome.took.extend(took)
            outcome.received += received

    threads = [threading.Thread(target=work) for _ in range(concurrency)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome.seconds = time.perf_counter() - began
    return outcome


def _wire(method: str, path: str, headers: tuple[str, ...]) -> bytes:
    lines = (
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "X-Forwarded-Proto: https",
        "X-Forwarded-For: 127.0.0.1",
        "Accept: text/html,application/json",
        *headers,
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
