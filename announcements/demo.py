"""What the demo's vendor has announced: two problems, maintenance to come, one that is over."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.choices import Role
from accounts.models import User
from announcements.audience import Concern
from announcements.choices import Audience, Kind, Level
from announcements.models import Announcement
from announcements.operations import (
    Words,
    acknowledge_announcement,
    announce,
    end_announcement,
    update_announcement,
)
from entitlements.models import Plan
from tickets.models import Outbreak, Product

PRINTING = Words(
    Kind.PROBLEM,
    Level.IMPORTANT,
    "Print jobs stay in the queue with agent 12.4.0 and 12.4.1",
    "After the agent is updated to 12.4.0 or 12.4.1, print jobs may stay in the queue.\n\n"
    "**What helps:** restart the print spooler, as the article *Printing stops after an update of "
    "the agent* says. Version 12.4.2 mends it.",
)
MAINTENANCE = Words(
    Kind.NOTICE,
    Level.INFORMATION,
    "Maintenance of the update hosts on Sunday",
    "On Sunday from 02:00 to 04:00 Eastern Time one half of the update hosts at a time is being "
    "renewed. Agents find the other half by themselves; a build may come ten minutes later.",
)
GATEWAY = Words(
    Kind.PROBLEM,
    Level.URGENT,
    "Mail Gateway 5.2 holds signed mail",
    "Mail with an S/MIME signature is held as *damaged*. Nothing is lost.\n\n"
    "**What helps:** turn off *Scanning > Signed mail > Verify* until the correction is there.",
)
LANGUAGES = Words(
    Kind.NOTICE,
    Level.INFORMATION,
    "The portal speaks German and Spanish",
    "Choose your language at the foot of any page, or in your profile. Mails follow it.",
)
TRAINING = Words(
    Kind.NOTICE,
    Level.INFORMATION,
    "Second readers for articles",
    "Two articles a week wait longer than a day for a second reader. Whoever has ten minutes: "
    "*Knowledge > Drafts and comments*.",
)


@transaction.atomic
def load_announcements(*, now: datetime) -> int:
    """Announce it once, and say how many there are. Effects: as the operations; nothing mailed."""
    if Announcement.objects.exists():
        return Announcement.objects.count()
    lead = User.objects.with_role(Role.DUTY_LEAD).order_by("pk")[0]
    days = timedelta(days=1)
    endpoint = Product.objects.filter(name="Endpoint Protection").values_list("pk", flat=True)
    printing = announce(
        PRINTING,
        Concern(Audience.PRODUCTS, products=tuple(endpoint)),
        outbreak=Outbreak.objects.open().first(),
        by=lead,
        now=now - 4 * days,
    )
    update_announcement(
        printing,
        body="Version 12.4.2 is out. Where you update through a relay, it is there within the day.",
        by=lead,
        now=now - days,
    )
    announce(MAINTENANCE, Concern(Audience.EVERYBODY), by=lead, now=now - 2 * days)
    gateway = announce(
        GATEWAY,
        Concern(Audience.PRODUCTS, products=_keys(Product, name="Mail Gateway")),
        by=lead,
        now=now - 12 * days,
    )
    update_announcement(
        gateway, body="The lab has found the cause.", by=lead, now=now - 11.6 * days
    )
    end_announcement(
        gateway,
        body="Build 5.2.1 is out and mends it. Turn the check on again.",
        by=lead,
        now=now - 11 * days,
    )
    announce(
        LANGUAGES,
        Concern(Audience.PLANS, plans=_keys(Plan, key__in=["msa-plus", "msa-enterprise"])),
        by=lead,
        now=now - 6 * days,
    )
    announce(TRAINING, Concern(Audience.STAFF), by=lead, now=now - 3 * days)
    for reader in User.objects.filter(roles__len=0).order_by("pk")[1::2]:
        acknowledge_announcement(printing, by=reader, now=now)
    return Announcement.objects.count()


def _keys(model: type[Plan | Product], **condition: object) -> tuple[int, ...]:
    return tuple(model.objects.filter(**condition).values_list("pk", flat=True))
