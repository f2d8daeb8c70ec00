"""The signature, checked by hand and by another's numbers."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

import pytest

from notifications.sealing import SealBroken, seal, unseal
from notifications.signing import new_secret, signed_headers


def test_the_example_of_standard_webhooks_is_signed_as_there() -> None:
    # The example of the reference libraries: secret, id, timestamp, payload and signature.
    headers = signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        secrets_in_use=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        at=datetime.fromtimestamp(1614265330, UTC),
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_while_a_secret_is_replaced_both_sign() -> None:
    old, new = new_secret(), new_secret()
    assert old != new
    at = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
    headers = signed_headers("a", b"{}", secrets_in_use=[new, old], at=at)
    signed = f"a.{int(at.timestamp())}.{{}}".encode()
    expected = [
        base64.b64encode(
            hmac.new(
                base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256
            ).digest()
        ).decode()
        for secret in (new, old)
    ]
    assert headers["webhook-signature"] == f"v1,{expected[0]} v1,{expected[1]}"


def test_a_sealed_secret_opens_with_the_key_that_sealed_it_only(settings: Any) -> None:
    settings.SECRET_KEY = "first"
    sealed = seal("whsec_abc")
    assert "whsec" not in sealed
    assert unseal(sealed) == "whsec_abc"
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "second", ["first"]
    assert unseal(sealed) == "whsec_abc"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(SealBroken):
        unseal(sealed)
