"""Programs that use the API with a person's token."""

from rest_framework.test import APIClient

from accounts.choices import TokenScope
from accounts.models import User
from accounts.operations import create_api_token


def program_of(user: User, scope: TokenScope = TokenScope.WRITE) -> APIClient:
    """Return a client that sends a fresh token of the person's, and JSON."""
    _, secret = create_api_token(user, name="tests", scope=scope, days=30, by=user)
    client = APIClient()
    client.default_format = "json"
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client
