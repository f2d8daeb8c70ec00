from html.parser import HTMLParser

import pytest
from django.core.cache import cache
from django.test import Client

from entitlements.models import PlanRequest

pytestmark = pytest.mark.django_db

LIV = {
    "company": "Fjord Ferries",
    "name": "Liv Dahl",
    "email": "liv@fjord.example",
    "phone": "+47 22 00 00 00",
    "message": "We run 900 seats.",
}
ASK = "/plans/msa-plus/request/"


class Cells(HTMLParser):
    """Reads a table's body: one list of cell texts a row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.depth: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
        self.depth.append(tag) if tag in {"td", "th", "summary", "details"} else None

    def handle_endtag(self, tag):
        if self.depth and self.depth[-1] == tag:
            self.depth.pop()

    def handle_data(self, data):
        inside_details = "details" in self.depth and "summary" not in self.depth
        if self.depth and not inside_details:
            self.rows[-1][-1] = f"{self.rows[-1][-1]} {data.strip()}".strip()


@pytest.fixture(autouse=True)
def _no_attempts_counted_yet():
    cache.clear()


def table(client: Client) -> dict[str, list[list[str]]]:
    reader = Cells()
    reader.feed(client.get("/plans/").content.decode().split("<table")[1].split("</table>")[0])
    found: dict[str, list[list[str]]] = {}
    for name, *cells in reader.rows:
        found.setdefault(name, []).append(cells)
    return found


def test_the_public_page_shows_every_row_for_five_plans(catalogue, client):
    rows = table(client)
    assert rows["Premium incidents per year"] == [["0", "6", "12", "36", "Unlimited"]]
    assert rows["Severity 1"] == [
        ["10:00–17:00 ET, Mon–Fri", "09:00–19:00 ET, Mon–Fri"] + ["24x7x365"] * 3,
        ["— No promised time", "8 working hours", "4 hours", "2 hours", "30 minutes"],
    ]
    assert rows["TAM team"] == [
        ["— Not included", "Included", "Included", "Included", "— Not included"]
    ]
    assert rows["Review call"] == [["— Not included"] * 4 + ["1 day per year"]]
    for group in catalogue["comparison_rows"]:
        assert group["group"] in rows
        for name in group["rows"]:
            assert name in rows


def test_each_plan_has_both_ways_on(catalogue, client):
    page = client.get("/plans/").content.decode()
    for key in ("standard", "msa-start", "msa-plus", "msa-business", "msa-enterprise"):
        assert f'href="/plans/{key}/"' in page
        assert f'href="/plans/{key}/request/"' in page


def test_an_empty_catalogue_says_so(db, client):
    assert "No plan is on offer yet" in client.get("/plans/").content.decode()


def test_the_rule_of_the_phone_call_stands_on_the_plan_that_has_it(catalogue, client):
    assert "Out of hours, also call" in client.get("/plans/msa-enterprise/").content.decode()
    assert "Out of hours, also call" not in client.get("/plans/msa-business/").content.decode()


def test_a_request_is_kept_and_thanked_for(catalogue, client, administrator):
    answer = client.post(ASK, LIV, follow=True)
    assert answer.redirect_chain == [("/plans/msa-plus/request/sent/", 302)]
    assert "your request is with us" in answer.content.decode()
    kept = PlanRequest.objects.get()
    assert (kept.plan.key, kept.customer) == ("msa-plus", None)
    assert {name: getattr(kept, name) for name in LIV} == LIV


def test_a_wrong_request_is_shown_beside_its_field_with_the_text_kept(catalogue, client):
    answer = client.post(ASK, {**LIV, "email": "liv at fjord", "company": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Write the whole address, such as name@company.com." in page
    assert "Give your company’s name." in page
    assert "liv at fjord" in page
    assert "We run 900 seats." in page
    assert not PlanRequest.objects.exists()


def test_what_fills_the_hidden_field_is_thanked_and_dropped(catalogue, client):
    answer = client.post(ASK, {**LIV, "website": "http://buy.example"})
    assert answer.status_code == 302
    assert not PlanRequest.objects.exists()


def test_the_eleventh_request_of_an_hour_is_refused_with_the_text_kept(catalogue, client):
    for _ in range(10):
        assert client.post(ASK, LIV).status_code == 302
    answer = client.post(ASK, LIV)
    page = answer.content.decode()
    assert answer.status_code == 429
    assert "Too many requests from your network in one hour" in page
    assert "We run 900 seats." in page
    assert PlanRequest.objects.count() == 10


def test_another_address_is_counted_apart(catalogue, client):
    for _ in range(10):
        client.post(ASK, LIV)
    assert client.post(ASK, LIV, REMOTE_ADDR="203.0.113.7").status_code == 302


def test_somebody_signed_in_finds_what_we_know_filled_in(contract, manager, client):
    client.force_login(manager)
    page = client.get(ASK).content.decode()
    for known in ("Northwind Logistics", "Elena Brandt", manager.email):
        assert f'value="{known}"' in page


def test_a_request_of_ones_own_company_is_linked_to_it(contract, manager, customer, client):
    client.force_login(manager)
    client.post(ASK, {**LIV, "company": "northwind logistics "})
    assert PlanRequest.objects.get().customer == customer


def test_naming_a_company_links_nobody_elses(contract, customer, foreign_contact, client):
    client.post(ASK, {**LIV, "company": "Northwind Logistics"})
    client.force_login(foreign_contact)
    client.post(ASK, {**LIV, "company": "Northwind Logistics"})
    assert [one.customer for one in PlanRequest.objects.all()] == [None, None]


def test_an_administrator_handles_a_request(catalogue, client, administrator):
    client.post(ASK, LIV)
    kept = PlanRequest.objects.get()
    client.force_login(administrator)
    assert "Fjord Ferries" in client.get("/plan-requests/").content.decode()
    address = f"/plan-requests/{kept.pk}/"
    refused = client.post(address, {"outcome": ""})
    assert refused.status_code == 422
    answer = client.post(address, {"outcome": "Offer sent."}, follow=True)
    assert "Marked as handled." in answer.content.decode()
    kept.refresh_from_db()
    assert (kept.outcome, kept.handled_by) == ("Offer sent.", administrator)
    again = client.post(address, {"outcome": "Twice."})
    assert again.status_code == 409
    assert "Somebody has handled this request already." in again.content.decode()
    assert "Fjord Ferries" in client.get("/plan-requests/?state=handled").content.decode()
    assert "No open requests" in client.get("/plan-requests/").content.decode()


def test_what_a_stranger_writes_is_shown_as_text(catalogue, client, administrator):
    client.post(ASK, {**LIV, "message": "<script>alert(1)</script>", "company": "<b>x</b>"})
    client.force_login(administrator)
    page = client.get(f"/plan-requests/{PlanRequest.objects.get().pk}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "<b>x</b>" not in page


def test_behind_the_proxy_senders_are_counted_by_their_own_address(catalogue, client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for _ in range(10):
        client.post(ASK, LIV, headers={"X-Forwarded-For": "198.51.100.4"})
    # What a sender adds in front of the address the proxy saw is not believed.
    forged = {"X-Forwarded-For": "203.0.113.99, 198.51.100.4"}
    assert client.post(ASK, LIV, headers=forged).status_code == 429
    other = {"X-Forwarded-For": "203.0.113.7"}
    assert client.post(ASK, LIV, headers=other).status_code == 302


def test_without_a_proxy_no_claimed_address_is_believed(catalogue, client):
    for number in range(10):
        client.post(ASK, LIV, headers={"X-Forwarded-For": f"203.0.113.{number}"})
    claimed = {"X-Forwarded-For": "203.0.113.77"}
    assert client.post(ASK, LIV, headers=claimed).status_code == 429


def test_a_whole_network_of_a_sender_is_counted_as_one(catalogue, client):
    for number in range(10):
        client.post(ASK, LIV, REMOTE_ADDR=f"2001:db8:7:1::{number}")
    assert client.post(ASK, LIV, REMOTE_ADDR="2001:db8:7:1:aaaa::1").status_code == 429
    assert client.post(ASK, LIV, REMOTE_ADDR="2001:db8:7:2::1").status_code == 302
