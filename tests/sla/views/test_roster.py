"""The roster's page: who is on duty, what is missing, notes, and forms that say what is wrong."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from sla.choices import DutyRole
from sla.models import HandOver, Shift, ShiftPattern
from sla.operations.hand_overs import write_hand_over
from sla.roster_page import week_of
from tests.factories import entitlements as factory
from tests.factories.roster import NOW, make_pattern, make_shift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

PATTERN = {
    "duty": "engineer",
    "weekdays": ["mon", "tue"],
    "starts": "22:00",
    "ends": "06:00",
    "zone": "America/New_York",
    "from_on": "2026-03-10",
    "until_on": "",
    "weeks_each": "1",
}


@pytest.fixture
def other(db):
    return factory.make_staff_member("Tomas Herrera", Role.ENGINEER)


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_it_says_who_is_on_duty_now_and_where_nobody_is(client, engineer, duty_lead):
    make_shift(engineer, duty_lead, -2, 8)
    client.force_login(engineer)

    page = words(client.get("/roster/"))

    # On duty since 09:00 ET for 8 hours.
    assert '<b class="strong">Mara Kovac</b>' in page
    assert "until <time" in page
    assert ">17:00</time>" in page
    assert "Nobody is planned." in page  # of duty leads
    # The engineers' gap in the next 14 days, in words.
    assert "Tue 10 Mar, 17:00</time> to" in page
    assert "Hand over your shift" in page


def test_the_week_is_in_the_readers_zone_with_gaps_as_a_row_of_their_own(engineer, duty_lead):
    make_shift(engineer, duty_lead, -2, 8)
    make_shift(engineer, duty_lead, 12, 36)

    with timezone.override("Europe/Zagreb"):
        zone = timezone.get_current_timezone()
        week = week_of(NOW.date(), zone, NOW)

    assert [day.on.day for day in week.days] == [9, 10, 11, 12, 13, 14, 15]
    engineers, leads = week.groups
    assert (engineers.duty, leads.duty) == (DutyRole.ENGINEER, DutyRole.DUTY_LEAD)
    gaps, mara = engineers.rows
    assert (gaps.person, mara.person) == (None, engineer)
    said = [[part.words for part in cell.parts] for cell in mara.cells]
    # NOW is 16:00 in Zagreb: on duty 14:00 to 22:00, then Wed 04:00 to Thu 16:00.
    assert said == [[], ["14:00–22:00"], ["from 04:00"], ["until 16:00"], [], [], []]
    missing = [[part.words for part in cell.parts] for cell in gaps.cells]
    assert missing == [
        [],
        ["from 22:00"],
        ["until 04:00"],
        ["from 16:00"],
        ["all day"],
        ["all day"],
        ["all day"],
    ]
    # 14:00 of 24 hours, 8 hours long.
    assert (mara.cells[1].parts[0].x, mara.cells[1].parts[0].width) == ("58.33%", "33.33%")


def test_the_sunday_of_the_change_is_drawn_with_23_hours(engineer, duty_lead):
    with timezone.override("America/New_York"):
        week = week_of(NOW.date() - timedelta(days=5), timezone.get_current_timezone(), NOW)

    assert week.days[-1].on.day == 8
    assert week.days[-1].span.length == timedelta(hours=23)


def test_many_gaps_are_counted_not_listed(client, engineer, duty_lead):
    # An hour on duty every day for 9 days: 10 gaps.
    for day in range(9):
        make_shift(engineer, duty_lead, 24 * day + 1, 1)
    client.force_login(duty_lead)

    page = words(client.get("/roster/"))

    assert "And 4 more." in page
    assert page.count("Fill<span") == 6


def test_only_planners_see_the_buttons(client, engineer, duty_lead):
    client.force_login(engineer)
    assert "Plan pattern" not in words(client.get("/roster/"))
    client.force_login(duty_lead)
    assert "Plan pattern" in words(client.get("/roster/"))


@pytest.mark.parametrize("week", ["2026-13-01", "yesterday", "0001-01-01", "9999-12-31"])
def test_a_week_that_makes_no_sense_shows_this_one(client, engineer, week):
    client.force_login(engineer)

    assert "Tue 10" in words(client.get("/roster/", {"week": week}))


def test_a_note_is_handed_over_and_shown(client, engineer, duty_lead):
    shift = make_shift(engineer, duty_lead, -2, 8)
    client.force_login(engineer)

    answer = client.post(
        f"/roster/shifts/{shift.pk}/hand-over/", {"body": "<b>Quiet</b>", "attention": "20418"}
    )

    assert answer.status_code == 302
    page = words(client.get("/roster/"))
    assert "&lt;b&gt;Quiet&lt;/b&gt;" in page
    assert "Needs attention:</b> 20418" in page


def test_an_empty_note_is_refused_beside_its_field_with_the_rest_kept(client, engineer, duty_lead):
    shift = make_shift(engineer, duty_lead, -2, 8)
    client.force_login(engineer)

    answer = client.post(f"/roster/shifts/{shift.pk}/hand-over/", {"attention": "20418"})

    assert answer.status_code == 422
    assert 'value="20418"' in words(answer)
    assert 'id="id_body_error"' in words(answer)
    assert not HandOver.objects.exists()


def test_a_note_for_somebody_elses_shift_is_forbidden(client, engineer, other, duty_lead):
    shift = make_shift(other, duty_lead, -2, 8)
    client.force_login(engineer)

    answer = client.post(f"/roster/shifts/{shift.pk}/hand-over/", {"body": "Quiet"})

    assert answer.status_code == 403
    assert not HandOver.objects.exists()


def test_a_shift_is_added_in_the_chosen_zone(client, engineer, duty_lead):
    client.force_login(duty_lead)

    answer = client.post(
        "/roster/shifts/new/",
        {
            "person": engineer.pk,
            "duty": "engineer",
            "starts_on": "2026-03-20",
            "starts": "09:00",
            "ends_on": "2026-03-20",
            "ends": "17:00",
            "zone": "Europe/Zagreb",
        },
    )

    assert (answer.status_code, answer.url) == (302, "/roster/?week=2026-03-20")
    shift = Shift.objects.get()
    assert shift.starts_at.isoformat() == "2026-03-20T08:00:00+00:00"
    assert shift.zone == "Europe/Zagreb"


def test_an_overlap_is_refused_beside_the_person_with_what_was_typed(client, engineer, duty_lead):
    make_shift(engineer, duty_lead, 24, 8)
    client.force_login(duty_lead)

    answer = client.post(
        "/roster/shifts/new/",
        {
            "person": engineer.pk,
            "duty": "engineer",
            "starts_on": "2026-03-11",
            "starts": "10:00",
            "ends_on": "2026-03-11",
            "ends": "12:00",
            "zone": "America/New_York",
        },
    )

    assert answer.status_code == 422
    assert 'id="id_person_error"' in words(answer)
    assert "Wed 11 Mar, 11:00 to Wed 11 Mar, 19:00" in words(answer)
    assert 'value="10:00"' in words(answer)
    assert Shift.objects.count() == 1


def test_the_form_of_a_gap_is_filled_with_it(client, duty_lead):
    client.force_login(duty_lead)

    page = words(
        client.get(
            "/roster/shifts/new/",
            {
                "duty": "duty_lead",
                "from": "2026-03-11T22:00:00+00:00",
                "to": "2026-03-12T01:00:00+00:00",
            },
        )
    )

    assert 'value="18:00"' in page
    assert 'value="21:00"' in page
    assert '<option value="duty_lead" selected>' in page
    assert client.get("/roster/shifts/new/", {"from": "x", "to": "2026"}).status_code == 200


def test_a_pattern_is_planned_with_its_turns(client, engineer, other, duty_lead):
    client.force_login(duty_lead)

    answer = client.post(
        "/roster/patterns/new/", PATTERN | {"person_1": engineer.pk, "person_3": other.pk}
    )

    assert answer.status_code == 302
    pattern = ShiftPattern.objects.get()
    assert pattern.people() == [engineer, other]
    page = words(client.get("/roster/"))
    # Tue 10 March and seven Mondays and Tuesdays: the last is 4 May.
    assert "Pattern planned: 16 shifts in the next 8 weeks." in page
    assert "Mara Kovac, then Tomas Herrera; a week each" in page


def test_a_person_without_the_role_is_refused_beside_their_field(client, engineer, duty_lead):
    client.force_login(duty_lead)

    answer = client.post(
        "/roster/patterns/new/", PATTERN | {"duty": "duty_lead", "person_1": engineer.pk}
    )

    assert answer.status_code == 422
    assert 'id="id_person_1_error"' in words(answer)
    assert not ShiftPattern.objects.exists()


def test_a_pattern_that_ends_before_it_begins_is_refused(client, engineer, duty_lead):
    client.force_login(duty_lead)

    answer = client.post(
        "/roster/patterns/new/", PATTERN | {"until_on": "2026-03-01", "person_1": engineer.pk}
    )

    assert answer.status_code == 422
    assert 'id="id_until_on_error"' in words(answer)


def test_a_pattern_is_ended(client, engineer, duty_lead):
    pattern = make_pattern([engineer], duty_lead)
    client.force_login(duty_lead)
    address = f"/roster/patterns/{pattern.pk}/end/"

    assert client.post(address, {"last_on": "2026-03-01"}).status_code == 422
    assert client.post(address, {"last_on": "2026-03-12"}).status_code == 302
    assert client.post(address, {"last_on": "2026-03-20"}).status_code == 409
    pattern.refresh_from_db()
    assert pattern.until_on == date(2026, 3, 12)


def test_a_shift_is_given_swapped_and_removed_from_its_page(client, engineer, other, duty_lead):
    mine = make_shift(engineer, duty_lead, 24, 8)
    theirs = make_shift(other, duty_lead, 32, 8)
    client.force_login(duty_lead)
    page = f"/roster/shifts/{mine.pk}/"

    swapped = client.post(f"{page}swap/", {"swap-other": theirs.pk, "swap-reason": "Dentist"})
    given = client.post(
        f"{page}giving/", {"give-person": engineer.pk, "give-reason": "Dentist again"}
    )
    # Engineer now has both, and they touch.
    removed = client.post(f"{page}removal/", {"removal-reason": "Ill"})

    assert [one.status_code for one in (swapped, given, removed)] == [302, 302, 302]
    theirs.refresh_from_db()
    mine.refresh_from_db()
    assert theirs.person == engineer
    assert mine.removed_at == NOW
    assert client.get(page).status_code == 404


def test_the_page_costs_the_same_with_1_and_with_20_of_everything(client, duty_lead):
    client.force_login(duty_lead)

    def add(count: int) -> None:
        for number in range(count):
            name = f"Engineer Number{Shift.objects.count()}"
            person = factory.make_staff_member(name, Role.ENGINEER)
            make_pattern([person], duty_lead)
            shift = make_shift(person, duty_lead, -2 - number / 100, 8)
            write_hand_over(shift, body="Quiet.", attention="", by=person, now=NOW)

    def cost() -> int:
        client.get("/roster/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/roster/").status_code == 200
        return len(queries)

    add(1)
    with_one = cost()
    add(19)
    assert cost() == with_one


@pytest.mark.parametrize(
    ("day", "at", "zone"),
    [("9999-12-31", "23:00", "America/New_York"), ("0001-01-01", "03:00", "Asia/Tokyo")],
)
def test_a_shift_on_a_day_without_a_moment_is_refused_beside_its_field(
    client, duty_lead, engineer, day, at, zone
):
    client.force_login(duty_lead)
    typed = {"person": engineer.pk, "duty": "engineer", "zone": zone}
    answer = client.post(
        "/roster/shifts/new/",
        typed | {"starts_on": day, "starts": at, "ends_on": day, "ends": at},
    )
    assert answer.status_code == 422
    assert "Choose a day" in words(answer)
    assert not Shift.objects.exists()
