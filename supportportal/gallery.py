"""Every part of the pages in its states, with made-up figures, at /components/ for builders."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from sla.coverage_ribbon import coverage_ribbon
from sla.deadline_ribbon import folded_ribbon
from sla.models import CalendarVersion, Clock
from sla.ribbon import Kind, Lane, Ribbon, Stretch

# One story, one evening: the Friday of the design.
ZONE = ZoneInfo("America/New_York")
NOW = datetime(2025, 11, 21, 17, 30, tzinfo=ZONE).astimezone(UTC)
DUE = datetime(2025, 11, 24, 11, 30, tzinfo=ZONE).astimezone(UTC)


class ExampleForm(forms.Form):
    """The two field templates of our own beside what crispy draws by itself."""

    subject = forms.CharField(label="Subject", help_text="One sentence: what fails, and where.")
    version = forms.ChoiceField(
        label="Version", choices=[("", "Choose…"), ("12.4", "12.4.2 (build 8810)")]
    )
    severity = forms.ChoiceField(
        label="How severe is it?",
        help_text="Times below are for your plan, if you send this now.",
        choices=[("1", "Critical"), ("2", "High"), ("3", "Medium"), ("4", "Low")],
        widget=forms.RadioSelect,
    )
    attachments = forms.FileField(label="Files", required=False)
    send_copy = forms.BooleanField(label="Send a copy to Daniel", required=False)


@dataclass(frozen=True)
class Explanation:
    """What components/_why.html reads."""

    title: str
    sentence: str
    rows: list[tuple[str, str, bool]]
    total: tuple[str, str]
    terms: str
    ribbon: Ribbon = field(repr=False)


def components(request: HttpRequest) -> HttpResponse:
    """Show the gallery to staff, and to everybody while debugging.

    Raises: Http404 for everybody else.
    """
    if not (settings.DEBUG or (request.user.is_authenticated and request.user.is_staff_member)):
        raise Http404
    empty = ExampleForm({"severity": "9"}, auto_id="failed_%s")
    form = ExampleForm(initial={"subject": "Label-printer driver quarantined on 214 hosts"})
    for each in (form, empty):
        each.fields["severity"].cards = _cards()  # type: ignore[attr-defined]  # read by the card filter
    context: dict[str, Any] = {
        "base": "base_customer.html" if "customer" in request.GET else "base_staff.html",
        "now": NOW,
        "zone": ZONE,
        "due": DUE,
        "clocks": _clocks(),
        "tiers": ["standard", "start", "plus", "business", "enterprise"],
        "coverage": _coverage(),
        "explanation": _explanation(),
        "form": form,
        "failed": empty,
        "public": SimpleNamespace(pk=1, author=_customer(), body=_TEXT, created_at=NOW),
        "internal": SimpleNamespace(pk=1, author=_engineer(), body=_NOTE, created_at=NOW),
        "customer": _customer(),
        "engineer": _engineer(),
        "files": [
            SimpleNamespace(name="lblspool64-sample.zip", size=421888, url="#"),
            SimpleNamespace(name="quarantine-export.csv", size=38912, url="#"),
        ],
        "steps": [
            SimpleNamespace(label="Received", text="Fri 15:24", state="done"),
            SimpleNamespace(label="Verdict", text="Fri 17:05, false alarm", state="done"),
            SimpleNamespace(label="Release", text="In test", state="now"),
            SimpleNamespace(label="Informed", text="We write to you here", state="next"),
        ],
        "states": [
            "new",
            "in_progress",
            "waiting_for_customer",
            "waiting_for_lab",
            "resolved",
            "closed",
        ],
        "page_obj": Paginator(range(120), 50).page(2),
    }
    return render(request, "components/gallery.html", context)


_TEXT = """Since the **15:10** update the agent quarantines `lblspool64.sys`.

1. Open *Policies, Exclusions*
2. Add the SHA-256 below

    9f2c41d07be3a86655c1f0a2d94e7b1830c6aa5fd2e9b74c1d3f80967e52ab14
"""
_NOTE = "Generic rule 7 got too wide. Please keep both tickets on the same release."


def _customer() -> User:
    return User(pk=1, name="Priya Raman", email="priya.raman@northwind.example")


def _engineer() -> User:
    return User(pk=2, name="Jonas Lindqvist", email="jonas@orrin.example", roles=["engineer"])


def _clocks() -> list[tuple[str, Clock | None]]:
    calendar = CalendarVersion(
        zone="America/New_York",
        windows={day: [["08:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    )

    def clock(started: datetime, hours: float, **figures: Any) -> Clock:
        target = timedelta(hours=hours)
        due = figures.pop("due_at", calendar.schedule().deadline(started, target))
        return Clock(
            calendar_version=calendar,
            zone="America/New_York",
            target=target,
            left=target,
            started_at=started,
            run_from=started,
            due_at=due,
            **figures,
        )

    hour = timedelta(hours=1)
    return [
        ("Running", clock(NOW, 4)),
        ("Running, a third left", clock(NOW - 5 * hour, 8)),
        ("At risk", clock(NOW - 3.5 * hour, 4, at_risk_at=NOW - hour)),
        ("Overdue", clock(NOW - 5 * hour, 4, breached_at=NOW - hour)),
        ("Paused", clock(NOW - hour, 4, due_at=None, paused_at=NOW)),
        ("Waiting for a call", clock(NOW + 15 * hour, 2, waits_for_call=True)),
        ("Met", clock(NOW - 3 * hour, 4, stopped_at=NOW - 2 * hour)),
        ("Missed", clock(NOW - 8 * hour, 4, stopped_at=NOW - 2 * hour)),
        ("Excused", clock(NOW - 8 * hour, 4, stopped_at=NOW - 2 * hour, excused_at=NOW)),
        ("None", None),
    ]


def _at(day: int, hour: float) -> datetime:
    return (datetime(2025, 11, day, tzinfo=ZONE) + timedelta(hours=hour)).astimezone(UTC)


def _coverage() -> Ribbon:
    week = [Stretch(_at(day, 8), _at(day, 18)) for day in (21, 24, 25, 26)]
    lanes = [
        Lane("Critical, 24×7", [Stretch(_at(21, 0), _at(28, 0))]),
        Lane(
            "High, Medium, Low, Mon to Fri 08:00–18:00",
            [*week, Stretch(_at(27, 8), _at(27, 18), Kind.HOLIDAY)],
        ),
    ]
    return coverage_ribbon(lanes, now=NOW, zone=ZONE)


def _explanation() -> Explanation:
    ribbon = folded_ribbon(
        [
            Stretch(_at(21, 8), _at(21, 18)),
            Stretch(_at(21, 17.5), _at(21, 18), Kind.COUNTED),
            Stretch(_at(24, 8), _at(24, 18)),
            Stretch(_at(24, 8), _at(24, 11.5), Kind.COUNTED),
        ],
        start=NOW,
        due=DUE,
        zone=ZONE,
    )
    return Explanation(
        title="4 hours of covered time",
        sentence="You wrote on Fri 21 Nov at 17:30. For High we answer within 4 hours, counted "
        "only while we are open.",
        rows=[
            ("Fri 21 Nov, 17:30 to 18:00", "30 min", True),
            ("Fri 18:00 to Mon 08:00, closed", "not counted", False),
            ("Mon 24 Nov, 08:00 to 11:30", "3 h 30 min", True),
        ],
        total=("Due Mon 24 Nov, 11:30 ET", "4 h"),
        terms="Business plan, High, Mon to Fri 08:00–18:00 ET, holidays of the United States.",
        ribbon=ribbon,
    )


def _cards() -> dict[str, dict[str, Any]]:
    promises = ("today, 18:00 ET", "Mon 24 Nov, 11:30 ET", "Mon 24 Nov, 15:30 ET", "")
    texts = (
        "The business is interrupted: systems crash or data is lost.",
        "Functionality is affected, without crash, corruption or loss of data.",
        "A problem or request that partly affects the product.",
        "A minor problem or request that leaves functionality untouched.",
    )
    return {
        str(level): {
            "severity": level,
            "text": text,
            "promise": f"We answer by {promise}" if promise else "No promised time",
            "detail": "4 h response, Mon to Fri"
            if promise
            else "Covered Mon to Fri 10:00–17:00 ET",
        }
        for level, (text, promise) in enumerate(zip(texts, promises, strict=True), start=1)
    }
