"""What a ticket of a special kind is filed with, besides what every ticket has."""

import re
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, NotAllowed
from entitlements.models import Edition
from tickets.choices import Finding, Service, TicketKind
from tickets.errors import OldDatabase
from tickets.models import DatabaseBuild

MOST_HASHES = 50
_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """A false alarm or missed malware: found with which databases, where and how."""

    finding: Finding
    build: str
    detected_where: str
    detected_how: str = ""
    built_on: date | None = None
    hashes: list[str] = field(default_factory=list)

    @property
    def kind(self) -> TicketKind:
        return TicketKind.DATABASE_RELEASE


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """A service, and when it would suit."""

    service: Service
    suits: str = ""

    @property
    def kind(self) -> TicketKind:
        return TicketKind.SERVICE


type Facts = ReleaseFacts | ServiceFacts


def read_hashes(text: str) -> list[str]:
    """Take hashes out of what was typed, lower case, each once.

    Raises: InvalidInput for a word that is none.
    """
    words = [word.lower() for word in re.split(r"[\s,;]+", text) if word]
    for word in words:
        if not _HASH.fullmatch(word):
            raise InvalidInput(
                _(
                    "%(word)s is no SHA-256, SHA-1 or MD5: it has 64, 40 or 32 characters of 0–9 "
                    "and a–f."
                )
                % {"word": word[:70]},
                field="hashes",
            )
    found = list(dict.fromkeys(words))
    if len(found) > MOST_HASHES:
        raise InvalidInput(
            _("Send at most %(number)d hashes at once.") % {"number": MOST_HASHES}, field="hashes"
        )
    return found


def require_latest_build(build: str) -> None:
    """Refuse what was not seen with the latest databases; as long as no build is known, nothing.

    Raises: OldDatabase, saying which build to update to.
    Source: domain, anti-virus database release.
    """
    latest = DatabaseBuild.objects.latest_published()
    if latest is not None and build.strip().lower() != latest.label.lower():
        raise OldDatabase(
            _(
                "The latest database is %(build)s. Update to it and look again: it may be mended "
                "already. If it is not, send this with the new build; what you typed is kept."
            )
            % {"build": latest.label},
            field="build",
        )


def is_included(service: Service, edition: Edition) -> bool:
    """Whether an edition includes a service; a question can always be asked."""
    return {
        Service.QUESTION: True,
        Service.REMOTE_ASSISTANCE: edition.remote_assistance,
        Service.HEALTH_CHECK: edition.health_checks_per_year > 0,
        Service.REVIEW_CALL: edition.review_call_days_per_year > 0,
        Service.PRIVATE_PATCH: edition.private_patches,
    }[service]


def require_included(service: Service, edition: Edition) -> None:
    """Refuse a service the edition does not include. Raises: NotAllowed."""
    if not is_included(service, edition):
        raise NotAllowed(
            _(
                "%(service)s is not included in %(plan)s. Ask a question instead, or ask for a "
                "plan that includes it."
            )
            % {"service": _(service.label), "plan": edition.plan.name},
            field="service",
        )
