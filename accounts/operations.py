"""Changes of people and tokens, and the audit row that every administrative change writes."""

import zoneinfo
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import TokenScope
from accounts.errors import InvalidInput, NotAllowed
from accounts.languages import known_language
from accounts.models import ApiToken, AuditEvent, User
from accounts.permissions import can_manage_people, can_revoke_token


def record_change(
    action: str,
    subject: models.Model,
    *,
    by: User | None,
    changes: dict[str, Any] | None = None,
    reason: str = "",
    now: datetime | None = None,
) -> AuditEvent:
    """Write the one audit row of a change; call it inside the change's transaction.

    `action` is past tense ("contract signed"); `changes` maps a field to [before, after].
    """
    return AuditEvent.objects.create(
        at=now or timezone.now(),
        by=by,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject=str(subject)[:200],
        changes=changes or {},
        reason=reason,
    )


@transaction.atomic
def create_staff_member(
    *,
    email: str,
    name: str,
    roles: list[str],
    zone: str,
    by: User | None,
    password: str | None = None,
    now: datetime | None = None,
) -> User:
    """Make a login for somebody who works for the vendor.

    Raises: NotAllowed, ValidationError. Effects: one User, one audit row.
    """
    if by is not None and not can_manage_people(by):
        raise NotAllowed("Only an administrator gives staff roles.")
    user = User.objects.create_user(email, password, name=name, roles=roles, timezone=zone)
    record_change("staff member created", user, by=by, changes={"roles": [[], roles]}, now=now)
    return user


@transaction.atomic
def change_roles(user: User, *, roles: list[str], by: User) -> User:
    """Give and take staff roles; it is in force with the next request.

    Raises: NotAllowed; InvalidInput when the last administrator would lose the role.
    Effects: the User, one audit row.
    """
    if not can_manage_people(by):
        raise NotAllowed("Only an administrator gives staff roles.")
    # All administrators are locked in key order, so two of them cannot remove each other at once.
    administrators = list(
        User.objects.select_for_update()
        .active()
        .filter(roles__contains=["administrator"])
        .order_by("pk")
    )
    user = User.objects.select_for_update().get(pk=user.pk)
    if "administrator" not in roles and [one.pk for one in administrators] == [user.pk]:
        raise InvalidInput(
            "This is the last administrator. Give the role to somebody else first.", field="roles"
        )
    before = user.roles
    user.roles = roles
    user.full_clean(exclude=["password"])
    user.save(update_fields=["roles"])
    record_change("roles changed", user, by=by, changes={"roles": [before, roles]})
    return user


@transaction.atomic
def update_profile(user: User, *, name: str, title: str, phone: str, zone: str, by: User) -> User:
    """Change what a person says about themselves.

    Raises: NotAllowed; InvalidInput for an unknown zone or when a phone number is taken away,
    because technical contacts are called back. Effects: the User, one audit row with what changed.
    """
    if by.pk != user.pk:
        raise NotAllowed("A person changes only their own profile.")
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.phone and not phone.strip():
        raise InvalidInput(_("Leave a number: we may have to call you back."), field="phone")
    if zone not in zoneinfo.available_timezones():
        raise InvalidInput(_("Choose a time zone from the list."), field="zone")
    wanted = {
        "name": name.strip(),
        "title": title.strip(),
        "phone": phone.strip(),
        "timezone": zone,
    }
    changes = {
        field: [getattr(user, field), value]
        for field, value in wanted.items()
        if getattr(user, field) != value
    }
    if changes:
        for field, (_before, value) in changes.items():
            setattr(user, field, value)
        user.save(update_fields=list(changes))
        record_change("profile changed", user, by=by, changes=changes)
    return user


@transaction.atomic
def choose_language(user: User, *, language: str, by: User) -> User:
    """Choose the language of one's pages and mails; nothing for the browser's.

    Raises: NotAllowed; InvalidInput for a language the portal does not speak.
    Effects: the User, one audit row when it changed.
    """
    if by.pk != user.pk:
        raise NotAllowed("A person chooses only their own language.")
    if language and not known_language(language):
        raise InvalidInput(_("Choose a language from the list."), field="language")
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.language != language:
        changes = {"language": [user.language, language]}
        user.language = language
        user.save(update_fields=["language"])
        record_change("profile changed", user, by=by, changes=changes)
    return user


@transaction.atomic
def create_api_token(
    user: User, *, name: str, scope: TokenScope, days: int, by: User, now: datetime | None = None
) -> tuple[ApiToken, str]:
    """Make a token and return it with its secret, which is never shown again.

    Units: `days` until it expires. Raises: NotAllowed. Effects: one ApiToken, one audit row.
    """
    if by.pk != user.pk:
        raise NotAllowed("A person makes tokens only for themselves.")
    secret = ApiToken.new_secret()
    moment = now or timezone.now()
    token = ApiToken.objects.create(
        user=user,
        name=name,
        scope=scope,
        digest=ApiToken.digest_of(secret),
        created_at=moment,
        expires_at=moment + timedelta(days=days),
    )
    record_change("API token made", token, by=by, changes={"scope": ["", scope]}, now=moment)
    return token, secret


@transaction.atomic
def revoke_api_token(token: ApiToken, *, by: User, now: datetime | None = None) -> ApiToken:
    """End a token at once. Raises: NotAllowed. Effects: the ApiToken, one audit row."""
    if not can_revoke_token(by, token):
        raise NotAllowed("This token belongs to somebody else.")
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = now or timezone.now()
        token.save(update_fields=["revoked_at"])
        record_change("API token revoked", token, by=by, now=now)
    return token


@transaction.atomic
def revoke_tokens_of(user: User, *, reason: str, now: datetime | None = None) -> int:
    """End all live tokens of a person at once, and say how many.

    Effects: the ApiTokens, one audit row each.
    """
    moment = now or timezone.now()
    live = user.api_tokens.select_for_update().filter(
        revoked_at__isnull=True, expires_at__gt=moment
    )
    tokens = list(live.order_by("pk"))
    for token in tokens:
        token.revoked_at = moment
        token.save(update_fields=["revoked_at"])
        record_change("API token revoked", token, by=None, reason=reason, now=moment)
    return len(tokens)
