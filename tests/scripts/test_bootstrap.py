import errno
import hashlib
import http.server
import io
import json
import platform
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import bootstrap

SHELL = Path(__file__).parents[2] / "scripts" / "bootstrap.sh"


def _shell(python: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(SHELL), python, "--", "true"], capture_output=True, text=True, check=False
    )


@pytest.fixture
def wheel() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(f"uv-{bootstrap.UV}.data/scripts/uv", "#!/bin/sh\necho uv 9.9.9\n")
    return content.getvalue()


@pytest.fixture
def index(wheel: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A package index on this machine that knows one wheel of uv."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = f"http://127.0.0.1:{self.server.server_port}/uv.whl"  # type: ignore[attr-defined]  # an HTTP server's
            digest = hashlib.sha256(wheel).hexdigest()
            page = {"files": [{"url": address, "hashes": {"sha256": digest}}]}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(wheel if self.path == "/uv.whl" else json.dumps(page).encode())

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/simple"
        monkeypatch.setenv("PIP_INDEX_URL", address)
        yield address
        server.shutdown()
        thread.join()


def _expect(monkeypatch: pytest.MonkeyPatch, digest: str) -> None:
    here = (platform.system(), platform.machine())
    monkeypatch.setattr(bootstrap, "UV_WHEELS", {here: digest})


def test_a_machine_without_pip_gets_uv_from_its_wheel(index, wheel, tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "TOOLS", tmp_path / "uv")
    monkeypatch.setattr(bootstrap, "_succeeds", lambda command: False)
    _expect(monkeypatch, hashlib.sha256(wheel).hexdigest())
    program = bootstrap._install_uv()
    assert bootstrap._uv_version(program) == (9, 9)


def test_a_wheel_nobody_expected_is_not_installed(index, wheel, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "TOOLS", tmp_path / "uv")
    _expect(monkeypatch, "0" * 64)
    with pytest.raises(SystemExit):
        bootstrap._download_uv()
    assert capsys.readouterr().err.startswith("uv cannot be installed")
    assert not (tmp_path / "uv").exists()


def test_a_uv_too_old_for_the_lock_file_is_passed_over(tmp_path, monkeypatch):
    old = tmp_path / "uv"
    old.write_text("#!/bin/sh\necho uv 0.4.1\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(bootstrap, "TOOLS", tmp_path / "none")
    assert bootstrap._find_uv() is None


def test_a_python_that_is_not_there_or_does_not_work_is_one_sentence(tmp_path):
    broken = tmp_path / "python3"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    for name, words in {
        "no-such-python": "There is no Python called no-such-python here",
        str(broken): "does not work or is older than 3.8",
    }.items():
        done = _shell(name)
        assert done.returncode == 1
        assert words in done.stderr
        assert done.stderr.count("\n") == 1


def test_no_newer_python_is_one_sentence(tmp_path, monkeypatch, capsys):
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\nexit 2\n")
    uv.chmod(0o755)
    assert bootstrap._find_python(str(uv)) is None
    with pytest.raises(SystemExit):
        bootstrap._fetch_python(str(uv))
    assert capsys.readouterr().err.startswith("Python 3.13 or newer is needed, this machine has ")


def test_the_reason_of_a_failed_sync_is_one_line():
    said = "Resolved 3 packages\nerror: The lockfile needs to be updated\n  hint: run uv lock\n"
    assert bootstrap._reason(said) == "error: The lockfile needs to be updated"


def test_a_checkout_that_cannot_be_written_is_one_sentence(tmp_path, monkeypatch, capsys):
    def touch(self, *args):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "touch", touch)
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    with pytest.raises(SystemExit):
        bootstrap._refuse_read_only()
    assert capsys.readouterr().err == (
        f"Cannot write to {tmp_path} (Permission denied): clone into a directory of your own.\n"
    )
