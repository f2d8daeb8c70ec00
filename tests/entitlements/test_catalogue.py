"""The database against the catalogue, cell by cell."""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from entitlements.errors import CatalogueConflict
from entitlements.management.commands.load_catalogue import CATALOGUE
from entitlements.models import Edition, Plan, ServiceLevel, SeverityDefinition
from entitlements.operations.catalogue import load_catalogue
from sla.models import Calendar, CalendarVersion, Ladder, LadderStep

pytestmark = pytest.mark.django_db

ORACLE = Path(__file__).resolve().parents[3] / "shared" / "catalogue" / "catalogue.json"
UNIT_SECONDS = {"minutes": 60, "hours": 3600, "working_hours": 3600}


def oracle() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((ORACLE if ORACLE.exists() else CATALOGUE).read_text("utf-8"))
    return data


@pytest.mark.skipif(not ORACLE.exists(), reason="the shared catalogue is not on this machine")
def test_the_projects_copy_equals_the_shared_catalogue():
    assert json.loads(CATALOGUE.read_text("utf-8")) == json.loads(ORACLE.read_text("utf-8"))


@pytest.mark.parametrize("cells", oracle()["editions"], ids=lambda cells: cells["edition"])
def test_every_cell_of_an_edition_stands_in_the_database(catalogue, cells):
    edition = Edition.objects.select_related("plan").get(key=cells["edition"])
    stored: dict[str, Any] = {
        key: getattr(edition, key)
        for key in cells
        if key not in {"edition", "plan", "order", "severities", "premium_incidents_per_year"}
    }
    stored["edition"] = edition.key
    stored["plan"] = edition.plan.key
    stored["premium_incidents_per_year"] = (
        "unlimited"
        if edition.premium_incidents_per_year is None
        else edition.premium_incidents_per_year
    )
    stored["severities"] = {}
    for level in edition.service_levels.all():
        stored["severities"][str(level.severity)] = {
            "coverage": coverage_cell(level),
            "response": None
            if level.response_value is None
            else {"value": level.response_value, "unit": level.response_unit},
        }
    wanted = {key: value for key, value in cells.items() if key != "order"}
    assert stored == wanted
    if edition.key == edition.plan.key:
        assert edition.plan.order == cells["order"]
        assert edition.plan.name == cells["name"]
        assert edition.plan.audience == cells["audience"]


def coverage_cell(level: ServiceLevel) -> Any:
    version = level.calendar.current
    if set(version.windows) == {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}:
        assert all(spans == [["00:00", "24:00"]] for spans in version.windows.values())
        assert version.closures == []
        return "24x7x365"
    assert set(version.windows) == {"mon", "tue", "wed", "thu", "fri"}
    ((opening, closing),) = version.windows["mon"]
    assert all(spans == [[opening, closing]] for spans in version.windows.values())
    return {"days": "Mon-Fri", "open": opening, "close": closing, "tz": version.zone}


def test_the_severities_and_their_criteria_stand_in_the_database(catalogue):
    stored = {
        str(one.severity): {"name": one.name, "means": one.means, "criteria": one.criteria}
        for one in SeverityDefinition.objects.all()
    }
    assert stored == oracle()["severities"]


@pytest.mark.parametrize("cells", oracle()["editions"], ids=lambda cells: cells["edition"])
def test_a_target_counts_as_many_seconds_as_its_cell_says(catalogue, cells):
    for severity, promise in cells["severities"].items():
        level = ServiceLevel.objects.get(edition__key=cells["edition"], severity=int(severity))
        response = promise["response"]
        seconds = response and response["value"] * UNIT_SECONDS[response["unit"]]
        assert level.target == (None if seconds is None else timedelta(seconds=seconds))
        assert (level.ladder and level.ladder.key) == (
            cells["priority_escalation"] if response else None
        )


def test_five_plans_are_offered_with_the_editions_of_the_comparison(catalogue):
    assert list(Plan.objects.values_list("key", "offered_edition__key")) == [
        ("standard", "standard"),
        ("msa-start", "msa-start"),
        ("msa-plus", "msa-plus"),
        ("msa-business", "msa-business"),
        ("msa-enterprise", "msa-enterprise"),
    ]


def test_the_2023_edition_is_kept_for_contracts_signed_on_it(catalogue):
    edition = Edition.objects.get(key="msa-enterprise-2023")
    assert edition.published_at is not None
    assert [level.target_text for level in edition.service_levels.all()] == [
        "30 minutes",
        "4 hours",
        "6 working hours",
        "8 working hours",
    ]


def test_every_msa_edition_names_its_business_window(catalogue):
    windows = dict(Edition.objects.values_list("key", "business_calendar__key"))
    assert windows.pop("standard") is None
    assert set(windows.values()) == {"msa-business-hours"}
    assert len(windows) == 5


def test_federal_holidays_close_the_working_hours_with_their_names(catalogue):
    for key in ("standard-hours", "msa-business-hours"):
        version = Calendar.objects.get(key=key).current
        assert version.closure_name(date(2025, 11, 27)) == "Thanksgiving Day"
        assert "Juneteenth" in version.closure_name(date(2026, 6, 19))
        # Saturday 4 July 2026 is observed on the Friday before.
        assert version.closure_name(date(2026, 7, 3)) == "Independence Day (observed)"
        # New Year's Day 2022, a Saturday, closes the last day of 2021.
        assert date(2021, 12, 31) in version.closures
        assert min(version.closures).year == 2020
        assert max(version.closures).year == 2040
        # The day after Thanksgiving is no federal holiday.
        assert date(2025, 11, 28) not in version.closures
        assert len([day for day in version.closures if day.year == 2025]) == 11


def test_nothing_closes_the_calendar_that_is_always_open(catalogue):
    version = Calendar.objects.get(key="always").current
    assert version.closures == []
    assert version.schedule().is_always_open


# Source: domain.md, Watch and escalation, the table row by row.
TELL, RAISE = "tell", "raise"
ALL = ["assignee", "duty_lead", "tam", "support_manager"]
ESCALATION = {
    "basic": (
        1,
        [("75 %", ["assignee"], RAISE), ("deadline", ["duty_lead"], RAISE)],
    ),
    "medium": (
        2,
        [
            ("50 %", ["assignee"], TELL),
            ("80 %", ["duty_lead"], RAISE),
            ("deadline", ["duty_lead", "tam"], RAISE),
            ("after 60 min", ["support_manager"], RAISE),
        ],
    ),
    "high": (
        3,
        [
            ("50 %", ["assignee"], TELL),
            ("75 %", ["duty_lead"], RAISE),
            ("deadline", ["duty_lead", "tam", "support_manager"], RAISE),
            ("every 60 min", ["duty_lead", "tam", "support_manager"], RAISE),
        ],
    ),
    "highest": (
        4,
        [
            ("33 %", ["assignee"], TELL),
            ("66 %", ["duty_lead", "tam"], TELL),
            ("85 %", ["support_manager"], RAISE),
            ("deadline", ALL, RAISE),
            ("every 15 min", ALL, RAISE),
        ],
    ),
}


def moment(step: LadderStep) -> str:
    if step.delay is not None:
        return f"{'every' if step.repeats else 'after'} {step.delay.total_seconds() / 60:.0f} min"
    assert step.share is not None
    return "deadline" if step.share == 1 else f"{step.share * 100:.0f} %"


@pytest.mark.parametrize("key", ESCALATION)
def test_a_ladder_climbs_as_the_domain_says(catalogue, key):
    weight, steps = ESCALATION[key]
    ladder = Ladder.objects.get(key=key)
    assert ladder.weight == weight
    assert [(moment(one), one.audience, one.action) for one in ladder.current.steps.all()] == steps


def test_delays_count_coverage_except_the_highest_ladders_quarter_hours(catalogue):
    counting = LadderStep.objects.filter(delay__isnull=False).values_list(
        "version__ladder__key", "counting"
    )
    assert dict(counting) == {"medium": "covered", "high": "covered", "highest": "plain"}


def test_loading_again_changes_nothing(catalogue):
    def everything() -> list[Any]:
        models: tuple[Any, ...] = (
            Plan,
            Edition,
            ServiceLevel,
            SeverityDefinition,
            CalendarVersion,
            LadderStep,
        )
        return [list(model._default_manager.order_by("pk").values()) for model in models]

    before = everything()
    output = StringIO()
    call_command("load_catalogue", stdout=output)
    assert everything() == before
    assert output.getvalue() == "6 editions are in place.\n"


def test_data_that_contradict_a_published_edition_are_refused(catalogue):
    changed = json.loads(json.dumps(catalogue))
    changed["editions"][1]["technical_contacts"] = 3
    changed["editions"][1]["severities"]["1"]["response"]["value"] = 9
    with pytest.raises(CatalogueConflict) as refusal:
        load_catalogue(changed)
    assert "msa-start" in refusal.value.message
    assert "technical_contacts, severity 1 response_value" in refusal.value.message
    assert Edition.objects.get(key="msa-start").technical_contacts == 1


def test_the_command_says_in_one_sentence_what_contradicts(catalogue, tmp_path, monkeypatch):
    changed = json.loads(json.dumps(catalogue))
    changed["editions"][0]["tam"] = "team"
    path = tmp_path / "catalogue.json"
    path.write_text(json.dumps(changed))
    monkeypatch.setattr("entitlements.management.commands.load_catalogue.CATALOGUE", path)
    with pytest.raises(CommandError, match="standard is published"):
        call_command("load_catalogue")


def test_an_unfinished_edition_is_completed_and_published(db):
    data = oracle()
    load_catalogue({**data, "editions": []})
    plan = Plan.objects.create(key="standard", name="Standard Support", audience="", order=0)
    cells = dict(data["editions"][0])
    terms = {
        key: cells[key]
        for key in cells
        if key not in {"edition", "plan", "order", "severities", "technical_contacts"}
    }
    Edition.objects.create(plan=plan, key="standard", technical_contacts=7, **terms)
    load_catalogue(data)
    edition = Edition.objects.get(key="standard")
    assert edition.technical_contacts == 0
    assert edition.published_at is not None
    assert edition.service_levels.count() == 4


def refused() -> Any:
    return pytest.raises(IntegrityError, match="a published edition is immutable")


def test_a_published_edition_cannot_be_changed_through_the_orm(catalogue):
    edition = Edition.objects.get(key="msa-plus")
    edition.technical_contacts = 3
    with refused(), transaction.atomic():
        edition.save()
    with refused(), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(premium_incidents_per_year=99)
    with refused(), transaction.atomic():
        edition.published_at = None
        edition.save(update_fields=["published_at"])
    edition.refresh_from_db()
    assert (edition.technical_contacts, edition.premium_incidents_per_year) == (2, 12)


def test_service_levels_of_a_published_edition_cannot_be_changed_through_the_orm(catalogue):
    level = ServiceLevel.objects.get(edition__key="msa-plus", severity=1)
    level.response_value = 5
    with refused(), transaction.atomic():
        level.save()
    with refused(), transaction.atomic():
        level.delete()
    with refused(), transaction.atomic():
        ServiceLevel.objects.create(
            edition=level.edition, severity=4, calendar=level.calendar, response_unit=""
        )
    assert ServiceLevel.objects.get(pk=level.pk).response_value == 4
    assert level.edition.service_levels.count() == 4


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entitlements_edition SET technical_contacts = 99",
        "UPDATE entitlements_edition SET published_at = NULL",
        "DELETE FROM entitlements_edition WHERE key = 'msa-plus'",
        "UPDATE entitlements_servicelevel SET response_value = 1 WHERE response_value > 1",
        "DELETE FROM entitlements_servicelevel",
    ],
)
def test_raw_sql_cannot_change_a_published_edition(catalogue, statement):
    with refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
