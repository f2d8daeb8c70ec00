"""API tokens: `Authorization: Bearer spt_…`."""

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.choices import TokenScope
from accounts.compiled import Compiled
from accounts.models import ApiToken, User
from accounts.second_factor import lacks_second_factor

if TYPE_CHECKING:
    # The REST framework imports this module while it makes that class.
    from rest_framework.views import APIView


# With what is asked of every person who may need a second factor (accounts.second_factor).
_TOKEN = Compiled(
    lambda digest: (
        ApiToken.objects.select_related("user")
        .annotate(has_second_factor=Exists(Authenticator.objects.filter(user=OuterRef("user"))))
        .filter(digest=digest)
    )
)


class ApiTokenAuthentication(BaseAuthentication):
    """Signs a request in by its bearer token; a dead token and an unknown one look alike."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = _TOKEN.first(ApiToken.digest_of(secret.strip()))
        if token is None or not token.is_live(timezone.now()) or not token.user.is_active:
            raise AuthenticationFailed("This token is not valid. Make a new one in your profile.")
        token.user.has_second_factor = token.has_second_factor  # type: ignore[attr-defined]  # annotated
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class IsSignedInWithScope(BasePermission):
    """Signed in, with the second factor staff must have; and a read token only reads."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Say whether the request may go on. Raises: PermissionDenied with the reason."""
        user = request.user
        if not isinstance(user, User) or not user.is_authenticated:
            return False
        if lacks_second_factor(user):
            raise PermissionDenied("Set up an authenticator app in the portal first.")
        if (
            isinstance(request.auth, ApiToken)
            and request.method not in SAFE_METHODS
            and request.auth.scope != TokenScope.WRITE
        ):
            raise PermissionDenied("This token may only read. Use one with the write scope.")
        return True
