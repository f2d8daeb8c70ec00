"""Announcements: whom they concern, what they are told, and when they end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from announcements.audience import Concern, Size, people_of, size_of
from announcements.choices import Audience, Kind, Level
from announcements.models import Announcement, AnnouncementReading
from announcements.notices import readable_announcements
from announcements.operations import (
    HasChanged,
    HasEnded,
    Words,
    acknowledge_announcement,
    announce,
    change_announcement,
    end_announcement,
    mail_due_announcements,
    update_announcement,
)
from entitlements.choices import Severity
from entitlements.models import Contract, Customer, Plan
from notifications.models import Notice
from tickets.choices import TicketKind
from tickets.models import Outbreak, Product
from tickets.operations.filing import file_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contract", "foreign_contract")]

WORDS = Words(Kind.PROBLEM, Level.IMPORTANT, "Slow updates", "We work on it.")
OTHERS = Words(Kind.PROBLEM, Level.URGENT, "Slow updates", "We work on it in Europe.")


@pytest.fixture
def gateway(contact: User, customer: Customer, tuesday: datetime) -> Product:
    """A product that Northwind wrote about."""
    product = Product.objects.create(name="Mail Gateway", versions=["5"])
    file_ticket(
        customer=customer,
        by=contact,
        kind=TicketKind.BREAK_FIX,
        severity=Severity.LOW,
        subject="Mail",
        description="Mail.",
        product=product,
    )
    return product


def concerns(customer: Customer, product: Product) -> dict[Audience, Concern]:
    plan = Plan.objects.get(key="msa-enterprise")
    return {
        Audience.EVERYBODY: Concern(Audience.EVERYBODY),
        Audience.CUSTOMERS: Concern(Audience.CUSTOMERS),
        Audience.PLANS: Concern(Audience.PLANS, plans=(plan.pk,)),
        Audience.PRODUCTS: Concern(Audience.PRODUCTS, products=(product.pk,)),
        Audience.CHOSEN: Concern(Audience.CHOSEN, customers=(customer.pk,)),
        Audience.STAFF: Concern(Audience.STAFF),
    }


def test_it_is_seen_by_whom_it_concerns_and_by_nobody_else(
    contact: User,
    colleague: User,
    foreign_contact: User,
    duty_lead: User,
    customer: Customer,
    gateway: Product,
    tuesday: datetime,
) -> None:
    everybody = {"contact", "colleague", "foreign"}
    expected = {
        Audience.EVERYBODY: everybody | {"visitor"},
        Audience.CUSTOMERS: everybody,
        Audience.PLANS: {"foreign"},
        Audience.PRODUCTS: {"contact", "colleague"},
        Audience.CHOSEN: {"contact", "colleague"},
        Audience.STAFF: set(),
    }
    readers: dict[str, User | AnonymousUser] = {
        "contact": contact,
        "colleague": colleague,
        "foreign": foreign_contact,
        "visitor": AnonymousUser(),
    }
    found = {}
    for audience, concern in concerns(customer, gateway).items():
        announcement = announce(WORDS, concern, by=duty_lead)
        found[audience] = {
            name
            for name, reader in readers.items()
            if Announcement.objects.visible_to(reader).filter(pk=announcement.pk).exists()
        }
        told = {name for name, user in readers.items() if user in people_of(concern, tuesday)}
        assert told == found[audience] - {"visitor"}, audience
    assert found == expected
    assert Announcement.objects.visible_to(duty_lead).count() == 6


def test_the_preview_counts_people_and_customers(
    contact: User,
    colleague: User,
    foreign_contact: User,
    duty_lead: User,
    customer: Customer,
    gateway: Product,
    tuesday: datetime,
) -> None:
    sizes = {
        audience: size_of(concern, tuesday)
        for audience, concern in concerns(customer, gateway).items()
    }
    # Priya and Daniel at Northwind, Owen at Eastgate; Chidi, Ines and Jonas are ours.
    assert sizes == {
        Audience.EVERYBODY: Size(3, 2, 3),
        Audience.CUSTOMERS: Size(3, 2, 0),
        Audience.PLANS: Size(1, 1, 0),
        Audience.PRODUCTS: Size(2, 1, 0),
        Audience.CHOSEN: Size(2, 1, 0),
        Audience.STAFF: Size(0, 0, 3),
    }


def test_a_contract_that_is_not_in_force_concerns_nobody(
    foreign_contact: User, foreign_contract: Contract, duty_lead: User, tuesday: datetime
) -> None:
    plan = Plan.objects.get(key="msa-enterprise")
    announce(WORDS, Concern(Audience.PLANS, plans=(plan.pk,)), by=duty_lead)
    foreign_contract.suspended_at = tuesday
    foreign_contract.save()
    assert not Announcement.objects.visible_to(foreign_contact).exists()


def test_those_concerned_are_told_once_and_once_of_each_update(
    contact: User, foreign_contact: User, duty_lead: User, customer: Customer
) -> None:
    concern = Concern(Audience.CHOSEN, customers=(customer.pk,))
    announcement = announce(WORDS, concern, is_mailed=True, by=duty_lead)
    assert mail_due_announcements() == 0
    notice = Notice.objects.get(kind="announced")
    assert (notice.recipient, notice.subject) == (contact, "Known problem: Slow updates")
    update_announcement(announcement, body="Half of it is mended.", is_mailed=True, by=duty_lead)
    update_announcement(announcement, body="Quietly.", by=duty_lead)
    assert list(
        Notice.objects.filter(kind="announced").order_by("pk").values_list("body", flat=True)
    ) == ["We work on it.", "Half of it is mended."]
    assert readable_announcements(contact, {str(announcement.pk)}) == {str(announcement.pk)}
    assert readable_announcements(foreign_contact, {str(announcement.pk)}) == set()


def test_what_begins_later_is_seen_and_mailed_from_then_on(
    contact: User, duty_lead: User, tuesday: datetime
) -> None:
    begins = tuesday + timedelta(hours=2)
    announce(WORDS, Concern(Audience.CUSTOMERS), starts_at=begins, is_mailed=True, by=duty_lead)
    assert not Announcement.objects.visible_to(contact, tuesday).exists()
    assert mail_due_announcements(now=begins - timedelta(seconds=1)) == 0
    assert not Notice.objects.filter(kind="announced").exists()
    assert mail_due_announcements(now=begins) == 1
    assert mail_due_announcements(now=begins) == 0
    assert Announcement.objects.visible_to(contact, begins).exists()
    assert Notice.objects.filter(kind="announced", recipient=contact).count() == 1


def test_what_ended_before_it_began_is_mailed_to_nobody(duty_lead: User, tuesday: datetime) -> None:
    begins = tuesday + timedelta(hours=2)
    announcement = announce(
        WORDS, Concern(Audience.EVERYBODY), starts_at=begins, is_mailed=True, by=duty_lead
    )
    end_announcement(announcement, body="Called off.", is_mailed=True, by=duty_lead)
    assert mail_due_announcements(now=begins + timedelta(hours=1)) == 0
    assert not Notice.objects.filter(kind="announced").exists()


def test_what_was_called_off_before_it_began_is_shown_to_staff_alone(
    contact: User, duty_lead: User, tuesday: datetime
) -> None:
    begins = tuesday + timedelta(hours=2)
    announcement = announce(WORDS, Concern(Audience.EVERYBODY), starts_at=begins, by=duty_lead)
    end_announcement(announcement, body="Called off.", by=duty_lead)
    with pytest.raises(HasEnded):
        update_announcement(announcement, body="More.", by=duty_lead)
    for now in (tuesday, begins, begins + timedelta(days=1)):
        assert not Announcement.objects.visible_to(contact, now).exists()
        assert not Announcement.objects.upcoming(now).exists()
        assert not Announcement.objects.current(now).exists()
        assert Announcement.objects.visible_to(duty_lead, now).ended(now).get() == announcement


def test_a_banner_stays_away_once_read_until_there_is_news(
    contact: User, duty_lead: User, tuesday: datetime
) -> None:
    announcement = announce(WORDS, Concern(Audience.CUSTOMERS), by=duty_lead)
    announce(WORDS, Concern(Audience.STAFF), by=duty_lead)
    banner = Announcement.objects.for_banner(contact, tuesday)
    assert list(banner.all()) == [announcement]
    acknowledge_announcement(announcement, by=contact)
    acknowledge_announcement(announcement, by=contact)
    assert AnnouncementReading.objects.count() == 1
    assert not banner.all().exists()
    update_announcement(announcement, body="News.", by=duty_lead)
    assert banner.all().exists()
    later = tuesday + timedelta(minutes=1)
    end_announcement(announcement, body="Solved.", by=duty_lead, now=later)
    assert not Announcement.objects.for_banner(contact, later).exists()
    assert Announcement.objects.visible_to(contact).ended(later).get() == announcement
    with pytest.raises(HasEnded):
        update_announcement(announcement, body="More.", by=duty_lead, now=later)


def test_staff_see_no_banner_of_what_is_for_some_customers(
    duty_lead: User, engineer: User, customer: Customer, tuesday: datetime
) -> None:
    announce(WORDS, Concern(Audience.CHOSEN, customers=(customer.pk,)), by=duty_lead)
    ours = announce(WORDS, Concern(Audience.STAFF), by=duty_lead)
    assert list(Announcement.objects.for_banner(engineer, tuesday)) == [ours]


@pytest.mark.parametrize("who", ["contact", "engineer", "tam"])
def test_others_announce_nothing(who: str, duty_lead: User, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(who)
    announcement = announce(WORDS, Concern(Audience.EVERYBODY), by=duty_lead)
    for act in (
        lambda: announce(WORDS, Concern(Audience.EVERYBODY), by=user),
        lambda: change_announcement(announcement, OTHERS, seen=0, by=user),
        lambda: update_announcement(announcement, body="News.", by=user),
        lambda: end_announcement(announcement, body="End.", by=user),
    ):
        with pytest.raises(NotAllowed):
            act()
    announcement.refresh_from_db()
    assert (announcement.title, announcement.ends_at) == ("Slow updates", None)
    assert not announcement.updates.exists()


def test_an_announcement_says_whom_it_concerns_and_what(duty_lead: User) -> None:
    for words, concern in (
        (WORDS, Concern(Audience.PLANS)),
        (WORDS, Concern(Audience.CHOSEN)),
        (Words(Kind.NOTICE, Level.URGENT, " ", "x"), Concern(Audience.STAFF)),
        (Words(Kind.NOTICE, Level.URGENT, "x", " "), Concern(Audience.STAFF)),
    ):
        with pytest.raises(InvalidInput):
            announce(words, concern, by=duty_lead)
    past = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(InvalidInput):
        announce(WORDS, Concern(Audience.STAFF), ends_at=past, by=duty_lead)
    assert not Announcement.objects.exists()


def test_each_change_leaves_one_audit_row(duty_lead: User) -> None:
    announcement = announce(WORDS, Concern(Audience.STAFF), by=duty_lead)
    update_announcement(announcement, body="News.", by=duty_lead)
    end_announcement(announcement, body="End.", by=duty_lead)
    rows = AuditEvent.objects.filter(subject_type="announcements.announcement")
    assert list(rows.order_by("pk").values_list("action", flat=True)) == [
        "announced",
        "announcement updated",
        "announcement ended",
    ]


def test_an_outbreak_behind_it_needs_somebody_who_sees_outbreaks(
    duty_lead: User, tuesday: datetime
) -> None:
    outbreak = Outbreak.objects.create(
        title="Update 4711",
        summary="Rule 7.",
        owner=duty_lead,
        opened_by=duty_lead,
        opened_at=tuesday,
    )
    announcement = announce(WORDS, Concern(Audience.STAFF), outbreak=outbreak, by=duty_lead)
    assert announcement.outbreak == outbreak


def test_other_words_stand_with_the_moment_and_one_audit_row(
    contact: User, duty_lead: User, tuesday: datetime
) -> None:
    announcement = announce(WORDS, Concern(Audience.CUSTOMERS), is_mailed=True, by=duty_lead)
    acknowledge_announcement(announcement, by=contact)
    changed = change_announcement(announcement, OTHERS, seen=0, by=duty_lead, now=tuesday)
    assert (changed.body, changed.level, changed.changed_at, changed.revision) == (
        "We work on it in Europe.",
        Level.URGENT,
        tuesday,
        1,
    )
    row = AuditEvent.objects.get(action="announcement changed")
    assert (row.by, row.changes) == (
        duty_lead,
        {"level": [2, 3], "body": ["We work on it.", "We work on it in Europe."]},
    )
    # It is no news: no banner comes back, and nobody is mailed again.
    assert not Announcement.objects.for_banner(contact, tuesday).exists()
    assert Notice.objects.filter(kind="announced").count() == 1


def test_the_same_words_are_no_change(duty_lead: User) -> None:
    announcement = announce(WORDS, Concern(Audience.STAFF), by=duty_lead)
    same = Words(Kind.PROBLEM, Level.IMPORTANT, " Slow updates ", "We work on it. ")
    assert change_announcement(announcement, same, seen=0, by=duty_lead).changed_at is None
    assert not AuditEvent.objects.filter(action="announcement changed").exists()


def test_words_somebody_else_wrote_meanwhile_are_not_written_over(duty_lead: User) -> None:
    announcement = announce(WORDS, Concern(Audience.STAFF), by=duty_lead)
    change_announcement(announcement, OTHERS, seen=0, by=duty_lead)
    with pytest.raises(HasChanged):
        change_announcement(announcement, WORDS, seen=0, by=duty_lead)
    end_announcement(announcement, body="End.", by=duty_lead)
    with pytest.raises(HasEnded):
        change_announcement(announcement, WORDS, seen=1, by=duty_lead)
    announcement.refresh_from_db()
    assert announcement.body == OTHERS.body
