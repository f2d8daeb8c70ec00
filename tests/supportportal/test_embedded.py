import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from supportportal import embedded
from supportportal.embedded import postgres, valkey
from supportportal.embedded.place import Place

START = "from supportportal import embedded; embedded.start(throwaway=True)"


@pytest.fixture
def servers_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data directory; whatever runs on it at the end is stopped and erased."""
    monkeypatch.setenv("PORTAL_VAR", str(tmp_path / "var"))
    yield tmp_path / "var"
    embedded.erase()


def _ask_postgres(question: str) -> object:
    connection = psycopg.connect(embedded.database_url())
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None
    finally:
        connection.close()


def _ask_valkey(name: str) -> str:
    with redis.from_url(embedded.redis_url(), decode_responses=True) as client:
        return str(client.config_get(name)[name])


def _kill(process: psutil.Process) -> None:
    process.kill()
    process.wait(5)


def test_addresses_are_known_before_anything_runs(servers_home):
    assert embedded.database_url() == embedded.database_url()
    assert embedded.redis_url().startswith("unix:///")
    assert not servers_home.exists()
    assert not embedded.is_running()


def test_servers_answer_after_the_start_and_are_gone_after_the_stop(servers_home):
    servers = embedded.start(throwaway=True)
    assert servers.database_url == embedded.database_url()
    assert _ask_postgres("SELECT current_database()") == "supportportal"
    assert _ask_valkey("maxmemory-policy") == "noeviction"

    embedded.stop()

    assert not embedded.is_running()
    with pytest.raises(psycopg.OperationalError):
        _ask_postgres("SELECT 1")


def test_the_owner_of_the_database_is_no_superuser_and_may_install_the_extensions(servers_home):
    embedded.start(throwaway=True)
    assert _ask_postgres("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    for extension in ("btree_gist", "pg_trgm", "unaccent"):
        _ask_postgres(f"CREATE EXTENSION {extension}")


def test_neither_server_listens_on_a_port_or_to_another_user(servers_home):
    embedded.start(throwaway=True)
    place = Place.current()
    for process in (*postgres.running(place), *valkey.running(place)):
        assert [c for c in process.net_connections("inet") if c.status == "LISTEN"] == []
    assert place.run.stat().st_mode & 0o077 == 0


def test_a_second_start_finds_the_first_and_the_data(servers_home):
    embedded.start(throwaway=True)
    _ask_postgres("CREATE TABLE kept (x int)")
    before = postgres.running(Place.current())

    embedded.start(throwaway=True)

    assert postgres.running(Place.current()) == before
    embedded.stop()
    embedded.start(throwaway=True)
    assert _ask_postgres("SELECT count(*) FROM kept") == 0


def test_two_starters_at_once_make_one_pair(servers_home):
    starters = [subprocess.Popen([sys.executable, "-c", START]) for _ in range(2)]
    assert [starter.wait(30) for starter in starters] == [0, 0]
    assert len(postgres.running(Place.current())) == 1
    assert len(valkey.running(Place.current())) == 1


def test_servers_killed_with_a_client_on_them_start_again(servers_home):
    embedded.start(throwaway=True)
    client = psycopg.connect(embedded.database_url())
    for process in (
        *postgres.running(Place.current()),
        *valkey.running(Place.current()),
    ):
        _kill(process)
    assert (Place.current().postgres / "postmaster.pid").exists()

    embedded.start(throwaway=True)

    assert _ask_postgres("SELECT 1") == 1
    client.close()


def test_a_stale_number_that_now_belongs_to_another_program_does_not_stop_the_start(servers_home):
    embedded.start(throwaway=True)
    embedded.stop()
    # Only a program of the same account keeps PostgreSQL from starting.
    stranger = subprocess.Popen(
        ["sleep", "60"], user="nobody" if os.geteuid() == 0 else None, start_new_session=True
    )
    try:
        lock = Place.current().postgres / "postmaster.pid"
        lock.write_text(f"{stranger.pid}\n{Place.current().postgres}\n")

        embedded.start(throwaway=True)

        assert _ask_postgres("SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_long_path_gets_a_short_socket(tmp_path, monkeypatch):
    monkeypatch.setenv("PORTAL_VAR", str(tmp_path / ("long" * 25)))
    try:
        embedded.start(throwaway=True)
        assert _ask_postgres("SELECT 1") == 1
        assert len(str(Place.current().run)) < 60
    finally:
        embedded.erase()


def test_a_stop_waits_for_no_client(servers_home):
    embedded.start(throwaway=True)
    client = psycopg.connect(embedded.database_url())
    began = time.monotonic()
    embedded.stop()
    assert time.monotonic() - began < 5
    client.close()


def test_data_of_another_version_is_refused_with_the_way_out(servers_home):
    embedded.start(throwaway=True)
    embedded.stop()
    (Place.current().postgres / "PG_VERSION").write_text("12\n")
    with pytest.raises(embedded.EmbeddedError, match=r"written by PostgreSQL 12.*RESET=1"):
        embedded.start(throwaway=True)


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("PORTAL_VAR", str(tmp_path / "file"))
    with pytest.raises(embedded.EmbeddedError, match="Cannot write to"):
        embedded.start(throwaway=True)


def test_the_hint_is_given_only_to_who_needs_it(servers_home, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    assert "make servers" in embedded.start_hint()
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/portal")
    monkeypatch.setenv("REDIS_URL", "redis://queue/0")
    assert embedded.start_hint() == ""


def test_a_test_cannot_reach_the_outside():
    with pytest.raises(RuntimeError, match="no outside network"):
        socket.create_connection(("203.0.113.7", 80), timeout=1)
    with pytest.raises(RuntimeError, match="no outside network"):
        socket.getaddrinfo("example.com", 443)


def test_an_interrupt_in_the_terminal_does_not_reach_the_servers(servers_home):
    before = signal.getsignal(signal.SIGINT)
    starter = subprocess.Popen([sys.executable, "-c", START], start_new_session=True)
    starter.wait(30)
    for process in (*postgres.running(Place.current()), *valkey.running(Place.current())):
        assert os.getpgid(process.pid) != starter.pid
        assert os.getsid(process.pid) == process.pid
    assert signal.getsignal(signal.SIGINT) is before
