"""Production does not start with a value that is unsafe or missing, and says which."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SAFE = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": "k3yB0ardCat-" * 6,
    "ALLOWED_HOSTS": "support.orrin.example",
    "BEHIND_TLS_PROXY": "1",
    "PORTAL_BASE_URL": "https://support.orrin.example",
    "DATABASE_URL": "postgresql://portal@db.invalid/portal",
    "REDIS_URL": "redis://queue.invalid:6379/0",
    "EMAIL_URL": "smtp+tls://mail.invalid",
}


def run(*command: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """Run Python with the safe settings, changed as said; None leaves a value out."""
    given = {**SAFE, **environment}
    return subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        env={
            "PATH": os.environ["PATH"],
            "PORTAL_VAR": os.environ["PORTAL_VAR"],
            **{key: value for key, value in given.items() if value is not None},
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_check_deploy_is_clean() -> None:
    done = run("-W", "default", "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY must be set"),
        ({"SECRET_KEY": "django-insecure"}, "SECRET_KEY must be set"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY must be set"),
        ({"DEBUG": "1"}, "DEBUG must be off"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS must name"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name"),
        ({"ALLOWED_HOSTS": "support.orrin.example,*"}, "ALLOWED_HOSTS must name"),
        ({"BEHIND_TLS_PROXY": None}, "BEHIND_TLS_PROXY=1 must be set"),
        ({"BEHIND_TLS_PROXY": "0"}, "BEHIND_TLS_PROXY=1 must be set"),
        ({"PORTAL_BASE_URL": "http://support.orrin.example"}, "must start with https://"),
        ({"DATABASE_URL": None}, "DATABASE_URL must be set"),
        ({"REDIS_URL": None}, "REDIS_URL must be set"),
        ({"EMAIL_URL": None}, "EMAIL_URL must be set"),
        ({"DATABASE_URL": "sqlite:///portal.db"}, "must start with postgresql://"),
        ({"PORTAL_DOWNLOAD_URL": "http://files.example"}, "must start with https://"),
        ({"PORTAL_DOWNLOAD_URL": "https://support.orrin.example"}, "is not the portal's"),
        (
            {
                "PORTAL_DOWNLOAD_URL": "https://files.example",
                "ALLOWED_HOSTS": "support.orrin.example,files.example",
            },
            "is not the portal's",
        ),
        ({"PORTAL_ENV": "live"}, "PORTAL_ENV must be"),
    ],
    ids=repr,
)
def test_an_unsafe_value_stops_the_start_with_a_sentence(
    environment: dict[str, str | None], words: str
) -> None:
    done = run("-c", "import supportportal.settings", **environment)
    assert done.returncode != 0
    assert words in done.stderr.strip().splitlines()[-1]


def test_the_safe_values_start() -> None:
    done = run("-c", "import supportportal.settings")
    assert done.returncode == 0, done.stderr


def test_the_schema_is_valid_and_complete() -> None:
    done = run(
        "manage.py",
        "spectacular",
        "--validate",
        "--fail-on-warn",
        PORTAL_ENV="test",
        SECRET_KEY=None,
    )
    assert done.returncode == 0, done.stderr
    assert "/api/v1/tickets/{number}/messages/" in done.stdout


@pytest.mark.parametrize(("proxies", "counted"), [(None, "1"), ("2", "2")])
def test_the_proxies_in_front_are_trusted_to_say_who_asks(
    proxies: str | None, counted: str
) -> None:
    told = "from django.conf import settings; print(settings.ALLAUTH_TRUSTED_PROXY_COUNT)"
    done = run("-c", told, DJANGO_SETTINGS_MODULE="supportportal.settings", TRUSTED_PROXIES=proxies)
    assert done.stdout.strip() == counted, done.stderr


def test_production_is_never_without_a_proxy() -> None:
    done = run("manage.py", "check", TRUSTED_PROXIES="0")
    assert done.returncode != 0
    assert "TRUSTED_PROXIES must be a whole number from 1" in done.stderr
