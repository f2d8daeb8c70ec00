"""The signature on a webhook's call, as https://www.standardwebhooks.com describes it.

Three headers: `webhook-id`, the same at every try, so that a receiver can drop a double;
`webhook-timestamp`, seconds since 1970, so that it can refuse what is old; `webhook-signature`,
for each live secret "v1," and the base64 of HMAC-SHA256 over "id.timestamp.body".
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"


def new_secret() -> str:
    """Make a secret of 256 random bits, written as libraries for such webhooks read it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed_headers(
    call_id: str, body: bytes, *, secrets_in_use: Sequence[str], at: datetime
) -> dict[str, str]:
    """Return the headers that prove a call to be ours; one signature for each secret."""
    timestamp = str(int(at.timestamp()))
    signed = f"{call_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": call_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(one, signed) for one in secrets_in_use),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
