import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from scripts import supervisor as supervising
from scripts.supervisor import MARK, Console, Program, Supervisor, end_leftovers

# Says it is there, starts a grandchild, and leaves only when it is killed.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("grandchild", child.pid, flush=True)
time.sleep(600)
"""


def _python(text: str, *, essential: bool = False, name: str = "web") -> Program:
    return Program(name, [sys.executable, "-c", text], essential=essential)


@pytest.fixture
def mark(tmp_path: Path) -> Iterator[str]:
    yield str(tmp_path)
    end_leftovers(str(tmp_path), print)


def _marked(mark: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


async def _until(true, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


def _supervisor(mark: str) -> Supervisor:
    return Supervisor(Console(["web", "worker"]), dict(os.environ), mark=mark)


def test_lines_carry_the_name_of_their_program(mark, capsys):
    code = asyncio.run(_supervisor(mark).run(_python("print('one'); print('two')")))
    assert code == 0
    assert capsys.readouterr().out == "web    │ one\nweb    │ two\n"


def test_a_finish_ends_a_stubborn_program_and_its_children(mark, monkeypatch, capsys):
    monkeypatch.setattr(supervising, "STOP_SECONDS", 0.3)

    async def story() -> None:
        supervisor = _supervisor(mark)
        supervisor.start(_python(STUBBORN))
        await _until(lambda: "grandchild" in capsys.readouterr().out)
        assert len(_marked(mark)) == 2
        await supervisor.finish()

    began = time.monotonic()
    asyncio.run(story())
    assert time.monotonic() - began < 8
    assert _marked(mark) == []


def test_a_program_that_dies_is_reported_and_starts_again(mark, capsys):
    said = ""

    async def story() -> None:
        nonlocal said
        supervisor = _supervisor(mark)
        supervisor.start(_python("import os; print('hello'); os._exit(3)", name="worker"))

        def twice() -> bool:
            nonlocal said
            said += capsys.readouterr().out
            return "hello" in said.partition("hello")[2]

        await _until(twice)
        await supervisor.finish()

    asyncio.run(story())
    assert "worker │ Ended (exit code 3); starts again in 1 s." in said


def test_a_web_server_that_never_came_up_stops_everything(mark, capsys):
    async def story() -> int:
        supervisor = _supervisor(mark)
        supervisor.start(_python(STUBBORN.replace("SIG_IGN", "SIG_DFL"), name="worker"))
        supervisor.start(_python("import sys; sys.exit('no')", essential=True))
        await asyncio.wait_for(supervisor.stopping.wait(), 10)
        await supervisor.finish()
        return supervisor.exit_code

    assert asyncio.run(story()) == 1
    assert "web    │ Ended before it was ready (exit code 1)." in capsys.readouterr().out
    assert _marked(mark) == []


def test_what_a_killed_supervisor_left_is_ended_by_the_next_one(mark, capsys):
    left = subprocess.Popen(
        [sys.executable, "-c", STUBBORN],
        env={**os.environ, MARK: mark},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    stranger = subprocess.Popen(["sleep", "60"], env={**os.environ, MARK: mark + "-other"})
    try:
        assert left.stdout is not None
        assert left.stdout.readline().startswith("grandchild")
        time.sleep(0.1)  # The grandchild has begun its own program by then.
        end_leftovers(mark, print)
        assert _marked(mark) == []
        assert stranger.poll() is None
        assert "Ended 2 processes that an earlier run had left." in capsys.readouterr().out
    finally:
        stranger.kill()
        stranger.wait()
        left.communicate()


def test_a_terminal_that_went_away_does_not_stop_the_goodbye(monkeypatch):
    class Gone:
        def isatty(self) -> bool:
            return False

        def write(self, text: str) -> int:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(sys, "stdout", Gone())
    console = Console(["web"])
    console.say("web", "into the void")
    console.say("web", "and again")
    sys.stdout.close()


def test_names_are_coloured_on_a_terminal_only(monkeypatch, capsys):
    Console(["web"]).say("web", "plain")
    assert "\033" not in capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    Console(["web"]).say("web", "coloured")
    assert capsys.readouterr().out == "\033[36mweb │\033[0m coloured\n"
