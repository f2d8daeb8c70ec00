"""Make the environment with uv, then become the command after `--`.

Usage: python3 scripts/bootstrap.py [--no-dev] -- COMMAND...

Runs on whatever Python the machine has (3.8 or newer, standard library only, pip not needed), so
keep its syntax old. Every failure is one sentence on stderr and exit code 1.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "var" / "uv"
NEEDED = "3.13"
UV = "0.13.9"
OLDEST_UV = (0, 8)  # Older ones do not read the lock file's revision.
# Wheels of that version by platform: used only where Python came without pip, as on Debian.
UV_WHEELS = {
    ("Linux", "x86_64"): "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ("Linux", "aarch64"): "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
    ("Darwin", "arm64"): "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
    ("Darwin", "x86_64"): "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5",
}


def main(arguments: list[str]) -> NoReturn:
    """Sync the environment and replace this process by the command."""
    marker = arguments.index("--")
    options, command = arguments[:marker], arguments[marker + 1 :]
    _refuse_read_only()
    uv = _find_uv() or _install_uv()
    python = _find_python(uv) or _fetch_python(uv)
    # Inexact without the development tools, so that a demo does not take them from a developer.
    sync = [uv, "sync", "--locked", "--python", python]
    sync += ["--no-dev", "--inexact"] if "--no-dev" in options else []
    fresh = not (ROOT / ".venv").exists()
    if fresh:
        print("Creating the environment in .venv (once)…", flush=True)
        # By all cores at once, instead of by each program that starts for the first time.
        sync.append("--compile-bytecode")
    done = subprocess.run(sync, cwd=str(ROOT), stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        _refuse("The environment cannot be created: " + _reason(done.stderr))
    binaries = ROOT / ".venv" / "bin"
    os.environ["PATH"] = str(binaries) + os.pathsep + os.environ.get("PATH", "")
    os.environ["VIRTUAL_ENV"] = str(ROOT / ".venv")
    os.environ["UV"] = uv
    # Containers set it. A demo starts a dozen programs, the tests a hundred: each would read the
    # source of all it imports anew, for seconds. What is kept is below the checkout, and ignored.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.chdir(str(ROOT))
    program = shutil.which(command[0])
    if program is None:
        _refuse("The command " + command[0] + " is not in the environment.")
    os.execv(program, command)


def _refuse(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    sys.exit(1)


def _reason(stderr: str) -> str:
    """Give uv's own error in one line."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("error:", "×"))]
    return (errors or lines or ["no reason given"])[0]


def _refuse_read_only() -> None:
    for directory in (ROOT, ROOT / "var", ROOT / ".venv"):
        try:
            directory.mkdir(exist_ok=True) if directory.name == "var" else None
            if not directory.exists():
                continue
            probe = directory / (".write-probe-%d" % os.getpid())
            probe.touch()
            probe.unlink()
        except OSError as error:
            _refuse(
                "Cannot write to %s (%s): clone into a directory of your own."
                % (directory, error.strerror)
            )


def _find_uv() -> str | None:
    for candidate in (shutil.which("uv"), str(TOOLS / "bin" / "uv")):
        if candidate and _uv_version(candidate) >= OLDEST_UV:
            return candidate
    return None


def _uv_version(program: str) -> tuple[int, ...]:
    try:
        printed = subprocess.run(
            [program, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
        ).stdout.decode()
        return tuple(int(part) for part in printed.split()[1].split(".")[:2])
    except (OSError, IndexError, ValueError):
        return (0, 0)


def _install_uv() -> str:
    """Install uv for this checkout only: by pip where there is one, else from its wheel."""
    print("Installing uv into var/uv (once)…", flush=True)
    shutil.rmtree(str(TOOLS), ignore_errors=True)
    made = _succeeds([sys.executable, "-m", "venv", str(TOOLS)])
    if not made or not _succeeds(
        [str(TOOLS / "bin" / "python"), "-m", "pip", "install", "uv==" + UV]
    ):
        shutil.rmtree(str(TOOLS), ignore_errors=True)
        _download_uv()
    return str(TOOLS / "bin" / "uv")


def _succeeds(command: list[str]) -> bool:
    quiet = subprocess.DEVNULL
    return subprocess.call(command, stdout=quiet, stderr=quiet) == 0


def _download_uv() -> None:
    here = (platform.system(), platform.machine())
    digest = UV_WHEELS.get(here)
    if digest is None:
        _refuse("There is no uv for %s on %s here: install uv and try again." % here)
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/uv/"
    asked = urllib.request.Request(index, headers={"Accept": "application/vnd.pypi.simple.v1+json"})
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            files = json.load(answer)["files"]
        address = next(f["url"] for f in files if f["hashes"].get("sha256") == digest)
        with urllib.request.urlopen(address, timeout=300) as answer:
            wheel = answer.read()
    except (OSError, ValueError, KeyError, StopIteration) as error:
        _refuse("uv cannot be installed (%s): install it by hand and try again." % error)
    if hashlib.sha256(wheel).hexdigest() != digest:
        _refuse("The uv that was downloaded is not the one expected: nothing was installed.")
    program = TOOLS / "bin" / "uv"
    program.parent.mkdir(parents=True)
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        program.write_bytes(archive.read("uv-%s.data/scripts/uv" % UV))
    program.chmod(0o755)


def _find_python(uv: str) -> str | None:
    for wanted in (NEEDED, ">=" + NEEDED):
        found = subprocess.run(
            [uv, "python", "find", "--no-python-downloads", wanted],
            cwd=str(ROOT),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if found.returncode == 0:
            return found.stdout.decode().strip()
    return None


def _fetch_python(uv: str) -> str:
    print("Fetching Python %s (once)…" % NEEDED, flush=True)
    done = subprocess.run([uv, "python", "install", NEEDED], stderr=subprocess.DEVNULL, check=False)
    if done.returncode:
        _refuse(
            "Python %s or newer is needed, this machine has %s and none could be fetched: "
            "install Python %s and try again." % (NEEDED, platform.python_version(), NEEDED)
        )
    return NEEDED


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
