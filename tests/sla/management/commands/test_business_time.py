"""The command as an auditor runs it. Without the django_db mark a query would fail the test."""

import io
import json
import sys
from types import SimpleNamespace

import pytest
from django.core.management import call_command

QUESTION = {
    "id": "q1",
    "kind": "deadline",
    "tz": "America/New_York",
    "windows": {"mon": [["09:00", "19:00"]]},
    "start": "2026-01-05T14:00:00Z",
    "minutes": 600,
}


def test_it_answers_line_by_line_and_goes_on_after_a_bad_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = [json.dumps(QUESTION), "", "nonsense", json.dumps({**QUESTION, "minutes": 60})]
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO("\n".join(lines).encode())))
    output = io.StringIO()

    call_command("business_time", stdout=output)

    first, second, third = (json.loads(line) for line in output.getvalue().splitlines())
    # Ten hours from 09:00 in New York end on closing, 19:00, midnight UTC.
    assert first == {"id": "q1", "answer": "2026-01-06T00:00:00Z"}
    assert second["id"] is None
    assert "not JSON" in second["error"]
    assert third == {"id": "q1", "answer": "2026-01-05T15:00:00Z"}
