"""Where a reader may go: the entries of the navigation, as data, and those of one reader."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_noop

from accounts.choices import Role
from entitlements.querysets import SEES_ALL_CUSTOMERS
from tickets.measure_querysets import READS_ALL_FIGURES
from tickets.permissions import WORKS_TICKETS


@dataclass(frozen=True)
class Place:
    """An entry of the navigation.

    `covers`: url names that keep it lit; `roles`: who sees it; `counts`: the view of the queue
    whose size stands beside it.
    """

    label: str
    url_name: str
    icon: str
    covers: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    counts: str = ""


@dataclass(frozen=True)
class Item:
    """An entry as one reader sees it. `counts` is the view of the queue whose size it shows."""

    label: str
    url: str
    icon: str
    is_current: bool
    counts: str = ""


@dataclass(frozen=True)
class Section:
    """A group of entries; the customer's navigation is one group with no label."""

    label: str
    items: list[Item]


ESCALATION_PAGES = ("escalation", "account_escalation")
CUSTOMER_PLACES = (
    (
        "",
        (
            Place(gettext_noop("Home"), "home", "home"),
            Place(gettext_noop("Tickets"), "ticket_list", "inbox", ("ticket", "ticket_new")),
            Place(gettext_noop("Escalations"), "escalation_list", "bell-ringing", ESCALATION_PAGES),
            Place(
                gettext_noop("Company"),
                "company",
                "building",
                (
                    "plan_request_new",
                    "company_people",
                    "company_incidents",
                    "company_history",
                    "company_webhooks",
                    "company_webhook_new",
                    "invitation_new",
                    "person_edit",
                    "plan_outlook",
                    "top_up_new",
                ),
            ),
            Place(gettext_noop("Knowledge"), "article_list", "file-text", ("article",)),
            Place(gettext_noop("Service"), "announcement_list", "tools", ("announcement",)),
        ),
    ),
)
STAFF_PLACES = (
    (
        "Work",
        (
            Place("Queue", "queue", "inbox", ("ticket", "ticket_new_phone"), counts="open"),
            Place("My work", "my_work", "user", ("my_tickets",), counts="mine"),
            Place("At risk", "at_risk", "hourglass-high", counts="at_risk"),
            Place(
                "Escalations",
                "escalation_list",
                "bell-ringing",
                ESCALATION_PAGES,
                roles=(Role.DUTY_LEAD, Role.SUPPORT_MANAGER, Role.TAM, Role.ADMINISTRATOR),
            ),
            Place(
                "Insight",
                "insight",
                "chart-bar",
                ("insight_tickets",),
                roles=(*READS_ALL_FIGURES, Role.TAM),
            ),
            Place(
                "Canned answers",
                "canned_answer_list",
                "note",
                ("canned_answer", "canned_answer_new"),
                roles=(*WORKS_TICKETS, Role.ANALYST, Role.TAM),
            ),
            Place(
                "Knowledge",
                "article_list",
                "file-text",
                ("article", "article_new", "article_edit", "article_drafts", "article_versions"),
            ),
            Place(
                "Announcements",
                "announcement_list",
                "info-circle",
                ("announcement", "announcement_new"),
            ),
            Place(
                "Outbreaks",
                "outbreak_list",
                "bolt",
                ("outbreak", "outbreak_new"),
                roles=(*WORKS_TICKETS, Role.ADMINISTRATOR),
            ),
            Place(
                "Roster",
                "roster",
                "headset",
                ("shift", "shift_new", "shift_pattern_new", "shift_pattern_end"),
            ),
        ),
    ),
    (
        "Customers",
        (
            Place(
                "Customers",
                "customer_list",
                "building",
                (
                    "customer",
                    "customer_new",
                    "customer_edit",
                    "person_new",
                    "person_edit",
                    "contract_new",
                ),
                roles=(*SEES_ALL_CUSTOMERS, Role.TAM),
            ),
            Place(
                "Contracts",
                "contract_list",
                "file-certificate",
                ("contract", "amendment_new", "contract_tickets"),
                roles=(*SEES_ALL_CUSTOMERS, Role.TAM),
            ),
        ),
    ),
    (
        "Administration",
        (
            Place(
                "Plan requests",
                "plan_request_list",
                "mail",
                ("plan_request", "top_up_list", "top_up"),
                roles=(Role.ADMINISTRATOR, Role.TAM, Role.SUPPORT_MANAGER),
            ),
            Place("Plans and targets", "edition_list", "adjustments-horizontal"),
            Place(
                "Coverage calendars",
                "calendar_list",
                "calendar",
                (
                    "calendar",
                    "calendar_new",
                    "calendar_edit",
                    "calendar_tickets",
                    "bulk_reassessment",
                ),
            ),
            Place(
                "Products and questions",
                "product_list",
                "package",
                ("product", "product_new", "filing_field", "filing_field_new"),
                roles=(Role.ADMINISTRATOR,),
            ),
            Place(
                "Database builds",
                "database_build_list",
                "database",
                roles=(Role.ADMINISTRATOR, Role.ANALYST),
            ),
            Place("Escalation ladders", "ladder_list", "bell-ringing", ("ladder", "ladder_edit")),
            Place(
                "Policy replays",
                "policy_replay_list",
                "history",
                ("policy_replay", "policy_replay_new"),
                roles=(Role.ADMINISTRATOR, Role.SUPPORT_MANAGER),
            ),
            Place(
                "Clock audits",
                "clock_audit_list",
                "clock-check",
                ("clock_audit",),
                roles=(Role.ADMINISTRATOR, Role.DUTY_LEAD, Role.SUPPORT_MANAGER),
            ),
            Place(
                "People and access",
                "person_list",
                "users",
                ("staff_member_new", "staff_member_edit"),
                roles=(Role.ADMINISTRATOR,),
            ),
            Place(
                "Webhooks",
                "webhook_list",
                "link",
                ("webhook", "webhook_new"),
                roles=(Role.ADMINISTRATOR,),
            ),
            Place(
                "Status",
                "status",
                "stethoscope",
                roles=(Role.ADMINISTRATOR, Role.DUTY_LEAD, Role.SUPPORT_MANAGER),
            ),
        ),
    ),
)


def navigation(request: HttpRequest) -> list[Section]:
    """List the places this reader may go, the one they are in marked."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    match = request.resolver_match
    here = (match.url_name or "") if match else ""
    places = STAFF_PLACES if user.is_staff_member else CUSTOMER_PLACES
    sections = []
    for label, entries in places:
        items = [
            Item(
                gettext(place.label),
                url,
                place.icon,
                here in (place.url_name, *place.covers),
                place.counts,
            )
            for place in entries
            if (not place.roles or user.has_role(*place.roles)) and (url := address(place.url_name))
        ]
        if items:
            sections.append(Section(label, items))
    return sections


def address(url_name: str) -> str:
    """Return the address of a page, or nothing where this portal does not have it."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
