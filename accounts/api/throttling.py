"""How fast a person's programs may change things."""

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.models import User
from accounts.rate_limit import MINUTE_SECONDS, may_write

if TYPE_CHECKING:
    # The REST framework imports this module while it makes that class.
    from rest_framework.views import APIView


class WriteThrottle(BaseThrottle):
    """Holds the API to the limit of the pages: one count for a person, however they come."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        user = request.user
        return request.method in SAFE_METHODS or not isinstance(user, User) or may_write(user)

    def wait(self) -> float:
        return MINUTE_SECONDS
