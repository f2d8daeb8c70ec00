import errno
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts import demo
from scripts.demo import Place, Refusal
from scripts.supervisor import Console


def _run(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scripts.demo"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PORTAL_VAR": str(tmp_path / "var"), **environment},
        timeout=30,
    )


def _is_one_sentence(done: subprocess.CompletedProcess[str]) -> bool:
    return done.returncode == 1 and done.stderr.count("\n") == 1 and "Traceback" not in done.stderr


def test_a_port_in_use_is_one_sentence_and_nothing_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = _run(tmp_path, PORT=str(port))
    assert _is_one_sentence(done)
    assert done.stderr.startswith(f"Port {port} on 127.0.0.1 is in use: choose another")
    assert not (tmp_path / "var" / "postgres").exists()


@pytest.mark.parametrize("port", ["abc", "65536", "-1", "8000.5"])
def test_what_is_no_port_is_refused(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Refusal, match=f"PORT={port} is not a port"):
        Place.from_environment()


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(Refusal, match=r"HOST=203\.0\.113\.9 is not an address of this machine"):
        demo._free_port("203.0.113.9", 0)


def test_a_port_that_needs_more_rights_is_refused_with_the_way_out(monkeypatch):
    def bind(self, address):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", bind)
    with pytest.raises(Refusal, match="Port 80 needs more rights"):
        demo._free_port("127.0.0.1", 80)


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "var").touch()
    done = _run(tmp_path, PORT="0")
    assert _is_one_sentence(done)
    assert done.stderr.startswith("Cannot write to ")


def test_a_second_demo_on_the_same_data_is_refused(tmp_path):
    (tmp_path / "var").mkdir()
    with (tmp_path / "var" / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = _run(tmp_path, PORT="0")
    assert _is_one_sentence(done)
    assert "already runs" in done.stderr


def test_a_reset_never_touches_a_server_that_is_not_ours(tmp_path):
    done = _run(
        tmp_path, PORT="0", RESET="1", DATABASE_URL="postgresql://db/portal", REDIS_URL="redis://q"
    )
    assert done.returncode == 1
    assert "RESET=1 deletes the embedded database only" in done.stderr


def test_a_reset_deletes_the_demo_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setenv("PORTAL_VAR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for name in ("media/a", "mail/b", "screens/kept"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    for name in ("demo.json", "demo-people.json", "celerybeat-schedule", "secret_key"):
        (tmp_path / name).touch()

    demo._reset(Place("127.0.0.1", 8000, tmp_path))

    assert {path.name for path in tmp_path.iterdir()} - {"embedded.lock"} == {
        "screens",
        "secret_key",
    }


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8010"),
        ("0.0.0.0", "http://127.0.0.1:8010"),
        ("::1", "http://[::1]:8010"),
        ("portal.local", "http://portal.local:8010"),
    ],
)
def test_the_address_is_one_a_browser_can_open(host, address):
    assert Place(host, 8010, Path("var")).base_url == address


def test_a_demo_open_to_the_network_answers_to_its_own_addresses(monkeypatch):
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    environment = demo._environment(Place("0.0.0.0", 8000, Path("var")))
    hosts = environment["ALLOWED_HOSTS"].split(",")
    assert socket.gethostname() in hosts
    assert "127.0.0.1" in hosts
    assert "*" not in hosts


def test_the_welcome_names_a_sign_in_for_each_role_and_keeps_it_as_json(tmp_path, capsys):
    place = Place("127.0.0.1", 8010, tmp_path)
    person = {"role": "engineer", "email": "e@o.example", "password": "pass word", "name": "Eve"}
    place.people_file.write_text(json.dumps([person]))

    demo._welcome(Console(["demo"]), place)

    assert json.loads((tmp_path / "demo.json").read_text()) == {
        "base_url": "http://127.0.0.1:8010",
        "people": [person],
    }
    printed = capsys.readouterr().out
    assert "http://127.0.0.1:8010" in printed
    assert "engineer  e@o.example  pass word" in printed


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_during_the_start_leaves_nothing_behind(tmp_path, number):
    started = subprocess.Popen(
        [sys.executable, "-m", "scripts.demo"],
        env={**os.environ, "PORTAL_VAR": str(tmp_path), "PORT": "0"}
        | {"DATABASE_URL": "", "REDIS_URL": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # A suite that was started with nohup ignores it, and whoever it starts would, too.
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # noqa: PLW1509 - no thread here
    )
    assert started.stdout is not None
    assert "PostgreSQL and Valkey are up" in started.stdout.readline()
    began = time.monotonic()
    started.send_signal(number)
    said, _ = started.communicate(timeout=30)
    assert said.endswith("demo   │ Stopped.\n")
    assert started.returncode == 0
    assert time.monotonic() - began < 15
    assert subprocess.run(["pgrep", "-f", str(tmp_path)], check=False).returncode == 1
