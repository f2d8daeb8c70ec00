"""Secrets we must be able to read again: sealed with the signing key of the portal.

A copy of the database alone opens none. After SECRET_KEY changed, SECRET_KEY_FALLBACKS opens what
the old one sealed.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SealBroken(Exception):
    """No key of ours opens this."""


def seal(secret: str) -> str:
    """Encrypt a secret for the database."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt a secret. Raises: SealBroken."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken("The secret was sealed with a key that is gone.") from error


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key_from(key)) for key in keys])


def _key_from(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"webhook secret:" + key.encode()).digest())
