"""What a view behind login_required is given."""

from django.http import HttpRequest

from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request whose sender is signed in."""

    # login_required has turned everybody else away.
    user: User
