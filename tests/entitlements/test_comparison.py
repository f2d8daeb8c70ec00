"""The comparison, cell by cell as the seed document has it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entitlements.comparison import (
    Row,
    compare_plans,
    coverage_text,
    describe_edition,
    describe_plan,
    per_year,
)
from entitlements.models import Edition, Plan
from sla.models import Calendar
from sla.operations import publish_calendar

pytestmark = pytest.mark.django_db

STANDARD, BUSINESS = "10:00–17:00 ET, Mon–Fri", "09:00–19:00 ET, Mon–Fri"
ALWAYS = "24x7x365"
# Source: the plan comparison, read row by row; columns are the five plans in its order.
CELLS = [
    ("Support coverage, incidents and contacts", [
        ("Premium incidents per year", ["0", "6", "12", "36", "Unlimited"]),
        ("Assigned customer technical contacts", ["0", "1", "2", "4", "8"]),
        ("Break/fix incidents", ["yes"] * 5),
    ]),
    ("Telephone and web ticket support: coverage", [
        ("Severity 1", [STANDARD, BUSINESS, ALWAYS, ALWAYS, ALWAYS]),
        ("Severity 2", [STANDARD, BUSINESS, BUSINESS, BUSINESS, ALWAYS]),
        ("Severity 3", [STANDARD, BUSINESS, BUSINESS, BUSINESS, BUSINESS]),
        ("Severity 4", [STANDARD, BUSINESS, BUSINESS, BUSINESS, BUSINESS]),
    ]),
    ("Response time", [
        ("Severity 1", ["—", "8 working hours", "4 hours", "2 hours", "30 minutes"]),
        ("Severity 2", ["—", "—", "—", "8 working hours", "4 hours"]),
        ("Severity 3", ["—", "—", "—", "12 working hours", "12 working hours"]),
        ("Severity 4", ["—", "—", "—", "24 working hours", "24 working hours"]),
    ]),
    ("Remote assistance", [
        ("Remote assistance", ["—", "yes", "yes", "yes", "yes"]),
    ]),
    ("Enhanced support services", [
        ("TAM team", ["—", "yes", "yes", "yes", "—"]),
        ("Dedicated TAM", ["—", "—", "—", "—", "yes"]),
    ]),
    ("Detailed security assurance", [
        ("Quality monitoring and reporting", ["—", "—", "—", "—", "yes"]),
        ("Review call", ["—", "—", "—", "—", "1 day per year"]),
        ("Health check service", ["—", "—", "—", "—", "Once a year"]),
        ("Private patching and error fixing", ["—", "—", "—", "—", "yes"]),
        (
            "Priority escalation of support requests",
            ["—", "Basic", "Medium", "High", "Highest"],
        ),
    ]),
]  # fmt: skip


def test_every_cell_is_as_the_document_has_it(catalogue):
    comparison = compare_plans()
    assert [plan.name for plan in comparison.plans] == [
        "Standard Support",
        "MSA Start",
        "MSA Plus",
        "MSA Business",
        "MSA Enterprise",
    ]
    assert [
        (group.name, [(row.name, row.cells) for row in group.rows]) for group in comparison.groups
    ] == CELLS


def test_groups_and_rows_are_those_of_the_catalogue(catalogue):
    assert [
        {"group": group.name, "rows": [row.name for row in group.rows]}
        for group in compare_plans().groups
    ] == catalogue["comparison_rows"]


def test_every_row_is_explained_and_severities_by_their_criteria(catalogue):
    rows = [row for group in compare_plans().groups for row in group.rows]
    assert all(row.explanation for row in rows)
    critical = [row for row in rows if row.severity == 1]
    assert len(critical) == 2
    for row in critical:
        assert row.criteria == catalogue["severities"]["1"]["criteria"]


def test_the_comparison_takes_four_queries(catalogue):
    with CaptureQueriesContext(connection) as queries:
        compare_plans()
    assert len(queries) == 4


def test_a_plan_without_an_offered_edition_is_not_shown(catalogue):
    Plan.objects.filter(key="msa-plus").update(offered_edition=None)
    assert "MSA Plus" not in [plan.name for plan in compare_plans().plans]


def test_nothing_loaded_is_an_empty_comparison(db):
    assert compare_plans().plans == []


@pytest.mark.parametrize(
    ("count", "in_days", "text"),
    [
        (0, False, "—"),
        (1, False, "Once a year"),
        (3, False, "3 times a year"),
        (0, True, "—"),
        (1, True, "1 day per year"),
        (2, True, "2 days per year"),
    ],
)
def test_a_yearly_count_is_written_as_people_say_it(count, in_days, text):
    assert per_year(count, in_days=in_days) == text


def test_hours_that_differ_by_day_are_written_day_by_day(db):
    calendar = Calendar.objects.create(key="odd", name="Odd")
    version = publish_calendar(
        calendar,
        zone="Europe/Berlin",
        windows={"mon": [["08:00", "12:00"], ["13:00", "17:00"]], "fri": [["08:00", "12:00"]]},
    )
    assert coverage_text(version).startswith("Mon 08:00–12:00 and 13:00–17:00, Fri 08:00–12:00")


def test_hours_are_written_in_the_zone_of_a_contract(catalogue):
    version = Calendar.objects.get(key="msa-business-hours").current
    assert coverage_text(version, "America/Chicago") == "09:00–19:00 CT, Mon–Fri"


def test_enterprise_in_plain_words_includes_all_but_the_team(catalogue):
    words = describe_plan(Plan.objects.get(key="msa-enterprise"))
    assert [row.name for row in words.left_out] == ["TAM team"]
    assert len(words.included) == 10
    assert "Premium incidents per year" not in [row.name for row in words.services]
    assert [(one.target, one.covered) for one in words.answers] == [
        ("30 minutes", ALWAYS),
        ("4 hours", ALWAYS),
        ("12 working hours", BUSINESS),
        ("24 working hours", BUSINESS),
    ]
    assert words.business_hours == BUSINESS


def test_standard_in_plain_words_promises_no_time(catalogue):
    words = describe_edition(Edition.objects.get(key="standard"))
    assert [row.name for row in words.included] == ["Break/fix incidents"]
    assert not any(one.has_target for one in words.answers)
    assert isinstance(words.included[0], Row)
