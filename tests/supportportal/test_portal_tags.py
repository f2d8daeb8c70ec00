"""Tags say in shape and word what colour repeats, and print nothing unsafe."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from accounts.models import User
from sla.models import CalendarVersion, Clock

# Tue 10 Mar 2026, 11:00 in New York.
NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def rendered(source: str, **context: Any) -> str:
    return Template("{% load portal %}" + source).render(Context(context))


def words(source: str, **context: Any) -> str:
    """What is left of a fragment for somebody who hears it."""
    return " ".join(re.sub(r"<[^>]+>", " ", rendered(source, **context)).split())


def make_clock(**figures: Any) -> Clock:
    """A clock of four hours, Mon to Fri 09:00 to 19:00 in New York, that started at NOW."""
    days = ("mon", "tue", "wed", "thu", "fri")
    calendar = CalendarVersion(
        zone="America/New_York", windows={day: [["09:00", "19:00"]] for day in days}
    )
    given: dict[str, Any] = {
        "calendar_version": calendar,
        "zone": "America/New_York",
        "target": 4 * HOUR,
        "left": 4 * HOUR,
        "started_at": NOW,
        "run_from": NOW,
        "due_at": NOW + 4 * HOUR,
    }
    return Clock(**(given | figures))


def staff_chip(clock: Clock | None, now: datetime = NOW) -> str:
    return words("{% clock_chip clock audience='staff' now=now %}", clock=clock, now=now)


def customer_chip(clock: Clock | None, now: datetime = NOW) -> str:
    return words("{% clock_chip clock now=now %}", clock=clock, now=now)


def test_an_icon_is_drawn_inline_and_hidden_from_the_ear() -> None:
    drawing = rendered("{% icon 'clock' size='sm' %}")
    assert drawing.startswith('<svg class="icon icon--sm"')
    assert 'aria-hidden="true"' in drawing
    assert "M12 7v5l3 3" in drawing


@pytest.mark.parametrize("name", ["no-such-icon", "../clock", "clock.svg"])
def test_an_icon_that_is_not_there_is_an_error(name: str) -> None:
    with pytest.raises(FileNotFoundError):
        rendered("{% icon name %}", name=name)


@pytest.mark.parametrize(
    ("level", "word"), [(1, "Critical"), (2, "High"), (3, "Medium"), (4, "Low")]
)
def test_a_severity_is_a_glyph_and_a_word(level: int, word: str) -> None:
    assert words("{% severity level %}", level=level) == word
    assert rendered("{{ level|severity_word }}", level=level) == word
    assert f"sev--{level} sev--icon" in rendered("{% severity level icon_only=True %}", level=level)


@pytest.mark.parametrize(
    ("key", "filled"),
    [("standard", 0), ("start", 1), ("plus", 2), ("business", 3), ("enterprise", 4)],
)
def test_a_plan_is_as_many_steps_as_it_is_high(key: str, filled: int) -> None:
    drawing = rendered("{% tier key %}", key=key)
    assert drawing.count('class="on"') == filled
    assert f"tier--{filled}" in drawing


def test_pips_can_be_counted_and_are_said() -> None:
    drawing = rendered("{% pips 5 12 about_to_use=1 %}")
    assert drawing.count('"used"') == 5
    assert drawing.count('"this"') == 1
    assert drawing.count("<span") == 12
    assert 'aria-label="7 of 12 left, 1 about to be used"' in drawing


def test_an_unlimited_number_has_no_pips() -> None:
    assert rendered("{% pips 5 total %}", total=None) == ""


def test_too_many_to_count_are_a_gauge() -> None:
    assert 'max="100" value="70"' in rendered("{% pips 30 100 %}")


def test_more_used_than_there_are_does_not_overflow() -> None:
    assert rendered("{% pips 14 12 %}").count("<span") == 12


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Priya Raman", "PR"), ("Cher", "C"), ("Ana de la Vega", "AV"), ("Łukasz Żak", "ŁŻ")],
)
def test_an_avatar_is_first_and_last_letter(name: str, letters: str) -> None:
    assert words("{% avatar user %}", user=User(name=name)) == letters


def test_an_avatar_of_staff_looks_different_and_can_be_named() -> None:
    drawing = rendered("{% avatar user named=True %}", user=User(name="Jo Li", roles=["engineer"]))
    assert "avatar--us" in drawing
    assert 'aria-label="Jo Li"' in drawing


def test_nobody_is_an_empty_ring() -> None:
    assert "avatar--empty" in rendered("{% avatar None %}")


def test_no_clock_is_said() -> None:
    assert staff_chip(None) == "No target"
    assert customer_chip(None) == "No clock"


def test_a_running_clock_counts_for_staff_and_is_a_word_for_customers() -> None:
    clock = make_clock()
    assert staff_chip(clock, NOW + timedelta(minutes=18)) == "On track, 3 h 42 m left"
    assert customer_chip(clock, NOW + timedelta(minutes=18)) == "On track"


def test_a_clock_at_risk_says_so() -> None:
    clock = make_clock(at_risk_at=NOW + 3 * HOUR)
    later = NOW + timedelta(hours=3, minutes=38)
    assert staff_chip(clock, later) == "At risk, 22 m left"
    assert customer_chip(clock, later) == "Due soon"


def test_an_overdue_clock_counts_on() -> None:
    later = NOW + timedelta(hours=5, minutes=12)
    assert staff_chip(make_clock(), later) == "Breached, 1 h 12 m over"
    assert customer_chip(make_clock(), later) == "Late"


def test_a_paused_clock_says_whose_turn_it_is() -> None:
    clock = make_clock(due_at=None, paused_at=NOW)
    assert staff_chip(clock) == "Paused"
    assert customer_chip(clock) == "Paused until you reply"


def test_a_clock_that_waits_for_a_call_says_so() -> None:
    clock = make_clock(
        waits_for_call=True, started_at=NOW + HOUR, run_from=NOW + HOUR, due_at=NOW + 5 * HOUR
    )
    assert staff_chip(clock) == "Waits for the call"
    assert customer_chip(clock) == "Starts when you call"


def test_a_met_clock_says_how_long_it_took() -> None:
    clock = make_clock(stopped_at=NOW + timedelta(minutes=52))
    assert staff_chip(clock) == "Met, 52 m of 4 h"
    assert customer_chip(clock) == "Met, Answered in 52 min"


def test_a_missed_clock_says_by_how_much_even_when_excused() -> None:
    late = make_clock(stopped_at=NOW + timedelta(hours=5, minutes=12))
    assert staff_chip(late) == "Missed 1 h 12 m over"
    assert customer_chip(late) == "Answered late 1 h 12 m over"
    excused = make_clock(stopped_at=NOW + timedelta(hours=5, minutes=12), excused_at=NOW + 6 * HOUR)
    assert staff_chip(excused) == "Excused 1 h 12 m over"
    assert customer_chip(excused) == "Late, excused 1 h 12 m over"


def test_a_running_chip_tells_the_script_until_when_covered_time_runs() -> None:
    chip = rendered("{% clock_chip clock now=now %}", clock=make_clock(), now=NOW)
    assert 'data-left="14400"' in chip
    assert 'data-counts-from="2026-03-10T15:00:00+00:00"' in chip
    assert 'data-counts-until="2026-03-10T23:00:00+00:00"' in chip


def test_a_chip_in_a_closed_hour_waits_for_the_opening() -> None:
    # Tue 10 Mar, 20:00 in New York; the next window opens on Wed at 09:00, 13:00 UTC.
    evening = datetime(2026, 3, 11, 0, 0, tzinfo=UTC)
    opening = datetime(2026, 3, 11, 13, 0, tzinfo=UTC)
    clock = make_clock(started_at=evening, run_from=opening, due_at=opening + 4 * HOUR)
    chip = rendered("{% clock_chip clock now=now %}", clock=clock, now=evening)
    assert 'data-counts-from="2026-03-11T13:00:00+00:00"' in chip


def test_a_promise_names_its_zone_and_carries_the_instant() -> None:
    at = datetime(2026, 3, 10, 19, 30, tzinfo=UTC)
    with_zone = rendered("{{ at|promised:'America/New_York' }}", at=at)
    assert with_zone.startswith('<time datetime="2026-03-10T19:30:00+00:00">Tue 10 Mar')
    assert with_zone.endswith(", 15:30 ET</time>")
    assert words("{{ at|time_of_day:'Europe/Berlin' }}", at=at) == "20:30 CET"
    assert words("{{ at|when:'America/New_York' }}", at=at).endswith(", 15:30")


@pytest.mark.parametrize("name", ["promised", "when", "time_of_day", "day", "duration", "hours"])
def test_nothing_is_written_for_nothing(name: str) -> None:
    assert rendered(f"{{{{ nothing|{name} }}}}", nothing=None) == ""


def test_days_and_zones_are_said() -> None:
    assert words("{{ day|day }}", day=date(2026, 3, 31)) == "31 Mar 2026"
    assert rendered("{{ at|day_line:'America/New_York' }}", at=NOW) == "Tuesday 10 March"
    assert rendered("{{ 'America/New_York'|zone_word }}") == "ET"


def test_sizes_have_no_needless_decimals() -> None:
    assert rendered("{{ 421888|filesize }}") == "412\xa0KB"
    assert rendered("{{ 1572864|filesize }}") == "1.5\xa0MB"


@pytest.mark.parametrize("written_as", ["markdown", "article_text"])
def test_a_table_somebody_wrote_scrolls_in_a_box_of_its_own(written_as: str) -> None:
    table = "| File | SHA-256 |\n|---|---|\n| a.sys | " + "0f" * 32 + " |"
    html = rendered("{{ text|" + written_as + " }}", text=f"Found:\n\n{table}\n\nMore.")

    assert re.search(r'<div class="told-table" tabindex="0">\s*<table>', html)
    assert f'<td>a.sys</td>\n<td class="is-long">{"0f" * 32}</td>' in html
    assert re.search(r"</table>\s*</div>\s*<p>More", html)


def test_markdown_keeps_what_support_people_write() -> None:
    html = rendered("{{ text|markdown }}", text="Open **Policies**\n\n1. Add `a.sys`\n2. Restore")
    assert html == (
        "<p>Open <strong>Policies</strong></p>\n<ol>\n<li>Add <code>a.sys</code></li>\n"
        "<li>Restore</li>\n</ol>\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![](https://evil.example/pixel.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html,hello)",
        "<b onclick=alert(1)>x</b>",
        '<a href="/" style="position:fixed">x</a>',
        "<svg onload=alert(1)>",
    ],
)
def test_markdown_lets_nothing_active_through(text: str) -> None:
    html = rendered("{{ text|markdown }}", text=text)
    assert not re.search(
        r"<(script|img|b|svg|iframe)\b|<[^>]+(onerror|onclick|style|href=\"(java|data))", html
    )


def test_plain_leaves_the_words_of_a_text_on_one_line() -> None:
    written = "Rule 7:\n\n- **update 4712** mends *R&D* <b>\n- use `a.sys`"
    assert rendered("{{ text|plain }}", text=written) == (
        "Rule 7: update 4712 mends R&amp;D &lt;b&gt; use a.sys"
    )


def test_links_people_write_do_not_vouch_for_their_target() -> None:
    html = rendered("{{ text|markdown }}", text="[log](https://example.org/log)")
    assert 'rel="noopener nofollow"' in html


def test_headings_people_write_do_not_change_the_outline() -> None:
    html = rendered("{{ text|markdown }}", text="# Loud")
    assert html == '<p class="msg__line">Loud</p>\n'


def test_the_page_of_a_form_is_carried_escaped() -> None:
    request = RequestFactory().get("/tickets/", {"q": '"x'})
    field = rendered("{% page_field %}", request=request)
    assert field == '<input type="hidden" name="_page" value="/tickets/?q=%22x">'
    request = RequestFactory().post("/tickets/1/answers/", {"_page": '/tickets/1/?"'})
    field = rendered("{% page_field %}", request=request)
    assert field == '<input type="hidden" name="_page" value="/tickets/1/?&quot;">'


@pytest.mark.parametrize("typed", ["//evil.example/", "https://evil.example/", "javascript:x"])
def test_a_page_that_came_back_says_its_own_address_and_no_other(typed: str) -> None:
    requests = RequestFactory(HTTP_REFERER="http://testserver/queue/?severity=1")
    came_back = requests.post("/queue/selection/", {"_page": typed})
    said = rendered("{% own_address %}", request=came_back)
    assert said == '<meta name="page" content="/queue/?severity=1">'
    assert rendered("{% own_address %}", request=requests.get("/queue/")) == ""


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("America/New_York", "New York time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_in_settings_is_named_by_its_place(zone: str, said: str) -> None:
    assert rendered("{{ zone|zone_name }}", zone=zone) == said


def test_a_range_is_never_broken_across_lines() -> None:
    assert rendered("{{ text|unbroken }}", text="covered <b> Mon–Fri 24×7") == (
        'covered &lt;b&gt; <span class="nowrap">Mon–Fri</span> 24×7'
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("at 33 % of the time", "at 33\u00a0% of the time"),
        ("after 1 h 30 min, 2 hours", "after 1\u00a0h 30\u00a0min, 2 hours"),
        ("<b>8 h</b> of 10 machines", "&lt;b&gt;8\u00a0h&lt;/b&gt; of 10 machines"),
    ],
)
def test_a_number_and_its_unit_stay_on_one_line(text: str, kept: str) -> None:
    assert rendered("{{ text|with_units }}", text=text) == kept
