"""What the cards of a filing form say of each kind and each service."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from entitlements.choices import Severity
from tickets.choices import Service, TicketKind
from tickets.filing_facts import is_included
from tickets.offer import Offer

_SERVICES = {
    Service.QUESTION: ("help", gettext_noop("How something works, or what we advise.")),
    Service.REMOTE_ASSISTANCE: (
        "device-desktop",
        gettext_noop("An engineer looks at it with you, on screen."),
    ),
    Service.HEALTH_CHECK: (
        "stethoscope",
        gettext_noop("We look through your installation and say what to mend."),
    ),
    Service.REVIEW_CALL: (
        "phone-call",
        gettext_noop("Your tickets and plans, with your account manager."),
    ),
    Service.PRIVATE_PATCH: (
        "package",
        gettext_noop("A change made for you, before it is in a release."),
    ),
}


def kind_cards(offer: Offer) -> dict[str, dict[str, Any]]:
    """What premium and break/fix mean for this person, and whether premium is open."""
    premium: dict[str, Any] = {
        "icon": "lifebuoy",
        "text": _("Served on your contract's times, with the promise shown below."),
        "promise": _("Not available"),
        "detail": offer.refusal,
        "disabled": not offer.can_file_premium,
    }
    if offer.can_file_premium and offer.balance is not None:
        if offer.balance.left is None:
            premium |= {
                "promise": _("Counted, never refused"),
                "detail": _("Unlimited in your plan"),
            }
        else:
            premium |= {
                "promise": _("Uses 1 of your %(left)d left") % {"left": offer.balance.left},
                "used": offer.balance.used,
                "total": offer.balance.total,
            }
    break_fix = {
        "icon": "tools",
        "text": _("The product does not do what it should. Served on Standard Support times."),
        "promise": _("Not counted"),
        "detail": _("Unlimited in every plan"),
    }
    return {TicketKind.PREMIUM.value: premium, TicketKind.BREAK_FIX.value: break_fix}


def service_cards(offer: Offer) -> dict[str, dict[str, Any]]:
    """What each service is, and whether the plan in force includes it."""
    # Break/fix is on Standard terms without a contract.
    edition = (offer.contract or offer.promises[TicketKind.BREAK_FIX][Severity.LOW].terms).edition
    cards: dict[str, dict[str, Any]] = {}
    for service, (icon, text) in _SERVICES.items():
        included = is_included(service, edition)
        promise = (
            _("Included")
            if included
            else _("Not included in %(plan)s") % {"plan": edition.plan.name}
        )
        cards[service.value] = {
            "icon": icon,
            "text": _(text),
            "promise": promise,
            "disabled": not included,
        }
    return cards
