"""What was changed reads as a person would say it."""

from django.utils import translation

from accounts.models import AuditEvent
from entitlements.history import history_lines


def test_history_writes_days_as_contracts_do() -> None:
    event = AuditEvent(
        changes={"term": ["", "2026-04-22 to 2027-04-21"], "build": ["", "2026-13-45"]}
    )
    assert history_lines([event])[0].changes == [
        "term: 22 Apr 2026 to 21 Apr 2027",
        "build: 2026-13-45",
    ]


def test_history_says_what_somebody_may_as_a_sentence() -> None:
    event = AuditEvent(
        changes={
            "contact seat": [False, True],
            "sees_company": [True, False],
            "answers_at_night": [True, False],
            "is_active": [True, False],
        }
    )
    assert history_lines([event])[0].changes == [
        "is given a contact seat",
        "sees only their own tickets",
        "is not called at night or at weekends",
        "active: yes → no",
    ]


def test_history_is_kept_in_english_and_read_in_ones_own_language() -> None:
    event = AuditEvent(
        action="contract signed",
        subject="6 premium incidents for C-2026-0414",
        changes={"term": ["", "2026-04-22 to 2027-04-21"], "sees_company": [False, True]},
    )
    invited = AuditEvent(action="person invited", subject="ada@northwind.example to Northwind")
    with translation.override("de"):
        line, other = history_lines([event, invited])
        assert (line.action, line.subject) == (
            "Vertrag unterzeichnet",
            "6 Premium-Vorfälle für C-2026-0414",
        )
        assert line.changes == [
            "Laufzeit: 22. April 2026 bis 21. April 2027",
            "sieht alle Tickets der Firma",
        ]
        assert (other.action, other.subject) == (
            "Person eingeladen",
            "ada@northwind.example zu Northwind",
        )
