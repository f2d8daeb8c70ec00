"""People who sign in, and the tokens their programs use."""

import hashlib
import secrets
import zoneinfo
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.timezone import now as current_time
from django.utils.translation import gettext

from accounts.choices import Role, TokenScope
from accounts.columns import columns_of, rows_of
from accounts.kept_rows import KeptTable

# Once: asking reads the whole directory of zones, 50 ms each time.
ZONES = frozenset(zoneinfo.available_timezones())

# What a person is searched by, as the index has it.
NAMES = SearchVector("name", "email", config="simple")


def validate_zone(value: str) -> None:
    """Refuse a name that is no IANA time zone."""
    if value not in ZONES:
        raise ValidationError("Choose a time zone from the list, such as America/New_York.")


def validate_roles(values: list[str]) -> None:
    """Refuse a role that does not exist."""
    if unknown := set(values) - set(Role.values):
        raise ValidationError(f"There is no role {min(unknown)}.")


class UserQuerySet(models.QuerySet["User"]):
    """Questions about people."""

    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def with_role(self, *roles: Role) -> "UserQuerySet":
        """People who hold any of the roles."""
        return self.filter(roles__overlap=[role.value for role in roles])

    def staff(self) -> "UserQuerySet":
        return self.filter(roles__len__gt=0)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person; an address is kept in lower case because mail is delivered so."""
        user = User(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user


class User(AbstractBaseUser):
    """One person, one login. Written by accounts.operations; a person edits their own profile.

    `roles` are the vendor's roles; what somebody is at a customer stands in entitlements
    (Membership, SeatHolding).
    """

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField("name", max_length=120)
    title = models.CharField("job title", max_length=120, blank=True)
    phone = models.CharField("phone", max_length=40, blank=True)
    timezone = models.CharField(
        "time zone", max_length=64, default="America/New_York", validators=[validate_zone]
    )
    # Nothing chosen: as the browser says. accounts.languages reads it.
    language = models.CharField("language", max_length=8, blank=True, default="")
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices),
        verbose_name="staff roles",
        default=list,
        blank=True,
        validators=[validate_roles],
    )
    # How pages look to this person, by the page's own word; read and written by its operations. It
    # stands here because the person is read with each request anyway.
    looks = models.JSONField(default=dict, blank=True, editable=False)
    is_active = models.BooleanField("active", default=True)
    joined_at = models.DateTimeField(default=current_time, editable=False)

    objects: ClassVar[models.Manager["User"]] = UserQuerySet.as_manager()

    # Known of the person behind a session, who is read with them (supportportal.readers).
    has_second_factor: bool | None = None
    unread_notices: int | None = None
    is_anything_announced: bool | None = None

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(Lower("email"), name="an_address_belongs_to_one_person"),
        )
        indexes = (GinIndex(NAMES, name="person_names"),)

    def __str__(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    def get_full_name(self) -> str:
        return self.name

    def has_role(self, *roles: Role) -> bool:
        """Whether this person is active and holds any of the roles."""
        return self.is_active and any(role.value in self.roles for role in roles)

    @property
    def is_staff_member(self) -> bool:
        """Whether this person works for the vendor, in any role."""
        return self.is_active and bool(self.roles)

    @property
    def role_names(self) -> list[str]:
        return [str(Role(role).label) for role in self.roles]


def _people(keys: list[int]) -> dict[int, User]:
    statement = f"""
        SELECT {columns_of(User, "person")} FROM {User._meta.db_table} AS person
         WHERE person.id = ANY(%s)
    """  # noqa: S608 - a table of our own
    return {person.pk: person for person in rows_of(User, statement, [keys])}


# People as they are named beside what they wrote; a renamed one shows after a minute.
known_people: KeptTable[User] = KeptTable(_people)


class ApiToken(models.Model):
    """A program's right to act as a person. Only a hash is stored.

    Units: `expires_at` is an instant; the token is dead from then on. Written by
    accounts.operations only.
    """

    PREFIX = "spt_"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scope = models.CharField(max_length=5, choices=TokenScope.choices, default=TokenScope.READ)
    created_at = models.DateTimeField(default=current_time, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def new_secret(cls) -> str:
        """A fresh secret of 256 random bits, shown once."""
        return cls.PREFIX + secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(secret: str) -> str:
        """The stored form: the secret is random, so a plain hash cannot be guessed back."""
        return hashlib.sha256(secret.encode()).hexdigest()

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


class Device(models.Model):
    """A browser in which somebody is signed in; it means nothing once its session is gone.

    `browser` is what it says of itself, in words. Written by accounts.devices.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    browser = models.CharField(max_length=80)
    address = models.GenericIPAddressField(null=True, blank=True)
    signed_in_at = models.DateTimeField(default=current_time)

    class Meta:
        ordering = ("-signed_in_at", "-pk")

    def __str__(self) -> str:
        return self.browser

    @property
    def said(self) -> str:
        """The browser in the reader's words; it is kept in English."""
        browser, _on, system = self.browser.partition(" on ")
        if not system:
            return gettext(self.browser)
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}


class AuditEvent(models.Model):
    """A change to people, contracts or settings: who, when, what, why. Append-only.

    Tickets keep their own timeline (tickets.TicketEvent). Written by accounts.operations.record
    inside the transaction of the change; the database refuses to change a row.
    """

    at = models.DateTimeField(default=current_time, editable=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    subject = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("subject_type", "subject_id", "-at"), name="audit_subject"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
