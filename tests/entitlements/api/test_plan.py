"""The public comparison as data equals the catalogue."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db

PLANS = "/api/v1/plans/"


def test_anybody_reads_all_terms_of_the_plans_on_offer(catalogue: dict[str, Any]) -> None:
    told = APIClient().get(PLANS)
    assert told.status_code == 200
    plans = {plan["key"]: plan for plan in told.json()["plans"]}
    assert list(plans) == [
        "standard",
        "msa-start",
        "msa-plus",
        "msa-business",
        "msa-enterprise",
    ]
    business = plans["msa-business"]["edition"]
    # MSA Business, by the catalogue.
    assert business["premium_incidents_per_year"] == 36
    assert plans["msa-enterprise"]["edition"]["premium_incidents_per_year"] is None
    critical, high = business["service_levels"][:2]
    assert (critical["severity"], critical["target_seconds"]) == (1, 2 * 3600)
    assert (high["response_value"], high["response_unit"]) == (8, "working_hours")
    assert high["coverage"]["windows"]["mon"] == [["09:00", "19:00"]]
    assert plans["standard"]["edition"]["service_levels"][0]["target_seconds"] is None
    assert [one["name"] for one in told.json()["severities"]] == [
        "Critical",
        "High",
        "Medium",
        "Low",
    ]


def test_every_cell_is_told_as_the_catalogue_has_it(catalogue: dict[str, Any]) -> None:
    plans = APIClient().get(PLANS).json()["plans"]
    told = {plan["edition"]["key"]: plan["edition"] for plan in plans}
    of_catalogue = {one["edition"]: one for one in catalogue["editions"]}
    assert set(of_catalogue) - set(told) == {"msa-enterprise-2023"}  # no longer offered
    for key, edition in told.items():
        expected = of_catalogue[key]
        for name in set(expected) & set(edition) - {"premium_incidents_per_year"}:
            assert edition[name] == expected[name], (key, name)
        count = edition["premium_incidents_per_year"]
        assert ("unlimited" if count is None else count) == expected["premium_incidents_per_year"]
        for level in edition["service_levels"]:
            cell = expected["severities"][str(level["severity"])]
            response = cell["response"] or {"value": None, "unit": ""}
            assert level["response_value"] == response["value"], (key, level)
            assert level["response_unit"] == response["unit"], (key, level)
            always = cell["coverage"] == "24x7x365"
            assert (level["coverage"]["text"] == "24×7") is always, (key, level)
            if not always:
                hours = [[cell["coverage"]["open"], cell["coverage"]["close"]]]
                assert level["coverage"]["windows"]["fri"] == hours
                assert level["coverage"]["zone"] == cell["coverage"]["tz"]


def test_the_comparison_takes_the_same_few_queries(catalogue: dict[str, Any]) -> None:
    with CaptureQueriesContext(connection) as captured:
        APIClient().get(PLANS)
    assert len(captured) <= 6, [one["sql"][:90] for one in captured]
