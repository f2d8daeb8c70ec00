"""One try over real sockets: what is sent, what is not followed, what is cut off."""

import datetime as dt
import socket
import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications.channels import webhook
from notifications.channels.addresses import Target
from notifications.channels.webhook import call_webhook
from tests.notifications.listener import Listener, listening


@pytest.fixture(autouse=True)
def _inside(settings: Any) -> None:
    settings.WEBHOOKS_MAY_STAY_INSIDE = True
    settings.WEBHOOKS_HTTPS_ONLY = False


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as found:
        yield found


def test_a_call_is_posted_as_it_is(listener: Listener) -> None:
    outcome = call_webhook(listener.url, b'{"a":1}', {"webhook-id": "7"})

    assert (outcome.status, outcome.error, outcome.is_delivered) == (200, "", True)
    ((path, headers, body),) = listener.calls
    assert (path, body) == ("/hook?key=1", b'{"a":1}')
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == "7"
    assert headers["host"] == f"127.0.0.1:{listener.port}"
    assert headers["user-agent"] == "Orrin-Support-Portal/1"


@pytest.mark.parametrize("status", [400, 404, 410, 500, 503])
def test_a_refusal_is_told(listener: Listener, status: int) -> None:
    listener.status = status
    outcome = call_webhook(listener.url, b"{}", {})
    assert (outcome.status, outcome.is_delivered) == (status, False)
    assert outcome.error == f"Answered {status}."


def test_a_redirect_is_not_followed(listener: Listener) -> None:
    listener.status, listener.location = 302, listener.url
    outcome = call_webhook(listener.url, b"{}", {})
    assert outcome.error == "Answered 302: redirects are not followed."
    assert len(listener.calls) == 1


def test_who_is_silent_is_left(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "PATIENCE", 0.3)
    listener.delay = 1.0
    outcome = call_webhook(listener.url, b"{}", {})
    assert outcome.status is None
    assert outcome.error.startswith("No answer within")
    assert outcome.took < dt.timedelta(seconds=0.9)


def test_who_sends_a_byte_now_and_then_is_cut_off(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "DEADLINE", 0.5)
    listener.drip = True
    outcome = call_webhook(listener.url, b"{}", {})
    assert not outcome.is_delivered
    assert outcome.took < dt.timedelta(seconds=2)


def test_nobody_there_is_told() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    outcome = call_webhook(f"http://127.0.0.1:{port}/", b"{}", {})
    assert (outcome.status, outcome.is_delivered) == (None, False)
    assert "ConnectionRefusedError" in outcome.error


def test_our_own_network_is_refused_at_the_call_too(listener: Listener, settings: Any) -> None:
    settings.WEBHOOKS_MAY_STAY_INSIDE = False
    outcome = call_webhook(listener.url, b"{}", {})
    assert outcome.error == "127.0.0.1 leads into a private network, not to the internet."
    assert listener.calls == []


def test_a_name_that_changes_its_mind_leads_nowhere_else(
    listener: Listener, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: public when judged, our own machine when asked again."""
    settings.WEBHOOKS_MAY_STAY_INSIDE = False
    answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1"])
    reached = []

    def look_up(host: str, port: int, **options: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(address: tuple[str, int], **options: Any) -> None:
        reached.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    call_webhook(f"http://evil.example:{listener.port}/", b"{}", {})
    assert reached == ["93.184.216.34"]
    assert listener.calls == []


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for hooks.example, with its key, that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("hooks.example"), x509.IPAddress(ip_address("10.9.9.9"))]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.parametrize(
    ("host", "trusted", "status"),
    [("hooks.example", True, 200), ("other.example", True, None), ("hooks.example", False, None)],
)
def test_the_certificate_has_to_be_the_names_and_trusted(
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    trusted: bool,  # noqa: FBT001 - of the table
    status: int | None,
) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    make = ssl.create_default_context

    def context() -> ssl.SSLContext:
        made = make()
        if trusted:
            made.load_verify_locations(certificate)
        return made

    monkeypatch.setattr(ssl, "create_default_context", context)
    with listening(server) as found:
        target = Target("https", host, found.port, "/", ("127.0.0.1",))
        monkeypatch.setattr(webhook, "find_target", lambda url: target)
        outcome = call_webhook("https://any/", b"{}", {})
    assert outcome.status == status
    if status is None:
        assert "CertificateError" in outcome.error or "CERTIFICATE" in outcome.error
        assert found.calls == []
