"""Finding a Chromium for the browser tests, or installing one; never a silent skip."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def launch(playwright: Playwright) -> Browser:
    """Start a headless Chromium. Raises: RuntimeError with one sentence when there is none."""
    # Chromium refuses its sandbox to root, and a container's /dev/shm is too small for it.
    options = ["--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    return playwright.chromium.launch(executable_path=find_or_install(playwright), args=options)


def find_or_install(playwright: Playwright) -> Path:
    """Give the program of a Chromium: PORTAL_CHROMIUM, the system's, Playwright's, or a new one.

    Raises: RuntimeError. Effects: may install one.
    """
    return _found(playwright) or _installed(playwright)


def _found(playwright: Playwright) -> Path | None:
    if named := os.environ.get("PORTAL_CHROMIUM"):
        if not Path(named).is_file():
            raise RuntimeError(f"PORTAL_CHROMIUM names {named}, which is not there.")
        return Path(named)
    candidates = [*(shutil.which(name) for name in NAMES), *MAC_APPS]
    candidates.append(playwright.chromium.executable_path)
    return next((Path(c) for c in candidates if c and _works(Path(c))), None)


def _works(program: Path) -> bool:
    """Say whether it is a browser: Ubuntu's package is a script that asks for a snap."""
    if not program.is_file():
        return False
    try:
        asked = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0 and "Chrom" in asked.stdout


def _installed(playwright: Playwright) -> Path:
    steps = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        steps[0].insert(-1, "--with-deps")
        if platform.freedesktop_os_release().get("ID") == "debian":
            steps.insert(0, ["apt-get", "install", "-y", "--no-install-recommends", "chromium"])
            steps.insert(0, ["apt-get", "update"])
    said = ""
    for step in steps:
        done = subprocess.run(
            step,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
        said = ((done.stderr or done.stdout).strip().splitlines() or [""])[-1]
        if program := _found(playwright):
            return program
    raise RuntimeError(
        "The browser tests need Chromium, which is not here and could not be installed "
        f"({said or 'no reason given'}): install it, or name one with PORTAL_CHROMIUM."
    )
