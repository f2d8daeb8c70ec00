"""Between the web server and Django: pages in threads, streams held by the event loop.

Every request goes through Django's WSGI application in one of a few threads. Where a view answers
with a `LiveResponse`, the thread is free again and the loop holds the stream: a hundred open
streams take no thread (docs/decisions, 0026).
"""

import asyncio
import os
import queue
import signal
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from io import BytesIO
from typing import IO, Any, NamedTuple
from wsgiref.types import WSGIApplication, WSGIEnvironment

from django.db import close_old_connections
from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope  # type: ignore[attr-defined]  # its types leave it out

from supportportal.live.hub import Hub
from supportportal.live.responses import LiveResponse

THREADS = int(os.environ.get("PORTAL_THREADS", "2"))
# A body so small is taken in before a thread is given to it. Units: bytes.
SMALL_BODY = 256 * 1024
# One up to so much waits on disk for its thread: a slow line sends a piece of a file for a minute.
# Units: bytes.
PIECE_OF_A_FILE = 16 * 1024 * 1024
# An answer is sent whole up to so much; of a larger one so much at a time. Units: bytes.
PIECE = 256 * 1024

type Headers = list[tuple[str, str]]


class Answer(NamedTuple):
    """What a page answers: whole, or with `rest` still to come, or a stream to hold."""

    status: int
    headers: Headers
    body: bytes
    rest: Iterator[bytes] | None = None
    close: Callable[[], None] | None = None
    live: LiveResponse | None = None


class Threads:
    """A few threads that do work in turn; each keeps its own connection to the database."""

    def __init__(self, number: int, name: str) -> None:
        self._work: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        for count in range(number):
            threading.Thread(target=self._keep_working, name=f"{name}-{count}", daemon=True).start()

    def do[Result](self, work: Callable[[], Result]) -> asyncio.Future[Result]:
        """Have `work` done by a thread; called on the loop, which gets its result."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Result] = loop.create_future()

        def settle(result: Result | None, error: BaseException | None) -> None:
            if done.cancelled():
                return
            if error is not None:
                done.set_exception(error)
            else:
                done.set_result(result)  # type: ignore[arg-type]  # it is the work's own

        def carry_out() -> None:
            try:
                result = work()
            except BaseException as error:  # noqa: BLE001 - it is raised where it is awaited
                loop.call_soon_threadsafe(settle, None, error)
            else:
                loop.call_soon_threadsafe(settle, result, None)

        self._work.put(carry_out)
        return done

    def _keep_working(self) -> None:
        while True:
            self._work.get()()


class Application:
    """Speaks RSGI with the server, for a WSGI application."""

    def __init__(self, pages: WSGIApplication) -> None:
        self._pages = pages
        self._threads = Threads(THREADS, "page")
        # One more, so that who sees what is asked while all pages are busy.
        questions = Threads(1, "live")
        self._hub = Hub(lambda ask: questions.do(lambda: _with_living_connection(ask)))

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """End the streams when the worker is told to stop: it waits for every open answer.

        The loop hears of a signal by its wake-up descriptor, whatever handler stands beside.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(self._hub.close))
            signal.siginterrupt(number, False)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        environ = environ_of(scope)
        length = environ.get("CONTENT_LENGTH", "")
        size = int(length) if length.isdecimal() else 0
        if size > PIECE_OF_A_FILE:
            environ["wsgi.input"] = ArrivingBody(protocol, asyncio.get_running_loop())
            await self._serve(environ, protocol)
        elif size > SMALL_BODY:
            with tempfile.TemporaryFile() as body:
                await _take_in(protocol, body)
                environ["wsgi.input"] = body
                await self._serve(environ, protocol)
        else:
            environ["wsgi.input"] = BytesIO(await protocol() if length not in {"", "0"} else b"")
            await self._serve(environ, protocol)

    async def _serve(self, environ: WSGIEnvironment, protocol: HTTPProtocol) -> None:
        answer = await self._threads.do(lambda: _answer(self._pages, environ, protocol))
        if answer.live is not None:
            await self._hold(answer, protocol)
        elif answer.rest is not None:
            await self._send(answer, protocol)

    async def _hold(self, answer: Answer, protocol: HTTPProtocol) -> None:
        assert answer.live is not None
        listener = await self._hub.add(answer.live.wish)
        if listener is None:
            protocol.response_empty(503, [("retry-after", "30")])
            return
        stream = protocol.response_stream(answer.status, answer.headers)
        gone = asyncio.ensure_future(protocol.client_disconnect())
        gone.add_done_callback(lambda _: listener.close())
        try:
            async for text in listener:
                await stream.send_str(text)
        except ProtocolClosed:
            pass
        finally:
            gone.cancel()
            self._hub.remove(listener)

    async def _send(self, answer: Answer, protocol: HTTPProtocol) -> None:
        """Send a large answer piece by piece; a slow reader holds no thread meanwhile."""
        assert answer.rest is not None
        assert answer.close is not None
        rest = answer.rest
        try:
            stream = protocol.response_stream(answer.status, answer.headers)
            piece = answer.body
            while piece:
                await stream.send_bytes(piece)
                piece = await self._threads.do(lambda: _piece(rest))
        except ProtocolClosed:
            pass
        finally:
            await self._threads.do(answer.close)


async def _take_in(protocol: HTTPProtocol, body: IO[bytes]) -> None:
    """Write a body to a file as it arrives; what came before the sender was gone counts."""
    try:
        async for piece in protocol:
            body.write(piece)
    except ProtocolClosed:
        pass
    body.seek(0)


def environ_of(scope: Scope) -> WSGIEnvironment:
    """Describe a request as WSGI does (PEP 3333). The process's own environment is no part of it.

    A header whose name has an underscore is left out: it would pass for one with a hyphen, which
    the proxy in front sets or takes away.
    """
    server, _, port = scope.server.rpartition(":")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        # WSGI's text is bytes, each as the letter of its number.
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        if key in environ:
            value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"  # noqa: PLW2901 - joined to what came before
        environ[key] = value
    return environ


class ArrivingBody:
    """A large body, read by a page's thread as it arrives: it is never in memory whole."""

    def __init__(self, protocol: HTTPProtocol, loop: asyncio.AbstractEventLoop) -> None:
        self._pieces: AsyncIterator[bytes] = aiter(protocol)
        self._loop = loop
        self._here = b""

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes, fewer at the end."""
        pieces, have = [self._here], len(self._here)
        while (size < 0 or have < size) and (piece := self._next()):
            pieces.append(piece)
            have += len(piece)
        whole = b"".join(pieces)
        end = len(whole) if size < 0 else size
        self._here = whole[end:]
        return whole[:end]

    def readline(self, size: int = -1) -> bytes:
        """Read a line, or so much of it."""
        line = b""
        while not line.endswith(b"\n") and len(line) != size and (letter := self.read(1)):
            line += letter
        return line

    def _next(self) -> bytes:
        async def take() -> bytes:
            return await anext(self._pieces, b"")

        return asyncio.run_coroutine_threadsafe(take(), self._loop).result()


def _answer(pages: WSGIApplication, environ: WSGIEnvironment, protocol: HTTPProtocol) -> Answer:
    """Let Django answer, and send what is whole; runs in a page's thread."""
    told: list[Any] = []

    def start(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        told[:] = int(status[:3]), [(name.lower(), value) for name, value in headers]
        return told.append

    response: Any = pages(environ, start)
    status, headers = told
    if isinstance(response, LiveResponse):
        response.close()
        open_ended = [(name, value) for name, value in headers if name != "content-length"]
        return Answer(status, open_ended, b"", live=response)
    if getattr(response, "streaming", False):
        rest = iter(response)
        body = _piece(rest)
        if len(body) >= PIECE:
            return Answer(status, headers, body, rest, response.close)
    else:
        body = b"".join(response)
    # From here, not from the loop, which may have to wait for its turn behind other threads.
    protocol.response_bytes(status, headers, body)
    response.close()
    return Answer(status, headers, b"")


def _with_living_connection[Result](ask: Callable[[], Result]) -> Result:
    """What a request does for its own thread: a connection that was lost is opened anew."""
    close_old_connections()
    return ask()


def _piece(rest: Iterator[bytes]) -> bytes:
    """Take up to about PIECE bytes of what is left."""
    taken, size = [], 0
    for part in rest:
        taken.append(part)
        size += len(part)
        if size >= PIECE:
            break
    return b"".join(taken)
