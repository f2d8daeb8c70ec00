"""An administrator keeps products, questions and builds on pages made for it."""

from datetime import datetime

import pytest
from django.test import Client

from accounts.models import User
from tests.tickets.views.reading import words
from tickets.models import DatabaseBuild, FilingField, Product

pytestmark = pytest.mark.django_db


def test_an_administrator_adds_changes_and_retires_a_product(
    client: Client, administrator: User
) -> None:
    client.force_login(administrator)
    client.post("/products/new/", {"name": "Mail Gateway", "versions": "8.1\n8.0\n"})
    product = Product.objects.get()
    assert product.versions == ["8.1", "8.0"]
    client.post(product.get_absolute_url(), {"name": "Mail Gateway", "versions": "8.1"})
    client.post(f"{product.get_absolute_url()}retirement/")
    listed = words(client.get("/products/"))
    assert "Mail Gateway 8.1 8.0 Retired" in listed
    client.post(f"{product.get_absolute_url()}retirement/", {"undo": "1"})
    assert "Offered" in words(client.get("/products/"))


def test_a_refused_product_says_so_beside_its_field(client: Client, administrator: User) -> None:
    Product.objects.create(name="Mail Gateway")
    client.force_login(administrator)
    refused = client.post("/products/new/", {"name": "mail gateway", "versions": "9"})
    assert refused.status_code == 422
    assert "There is a product of this name already." in words(refused)


def test_an_administrator_asks_and_changes_a_question(
    client: Client, administrator: User, product: Product
) -> None:
    client.force_login(administrator)
    asked = {
        "label": "Operating system",
        "product": product.pk,
        "ticket_kinds": ["premium", "break_fix"],
        "kind": "choice",
        "choices": "Windows\nmacOS",
        "is_required": "on",
        "is_shown": "on",
    }
    client.post("/filing-questions/new/", asked)
    field = FilingField.objects.get()
    assert field.ticket_kinds == ["premium", "break_fix"]
    assert (field.choices, field.is_required, field.is_searchable) == (
        ["Windows", "macOS"],
        True,
        False,
    )
    client.post(field.get_absolute_url(), {**asked, "choices": "Windows\nmacOS\nUbuntu"})
    field.refresh_from_db()
    assert field.choices == ["Windows", "macOS", "Ubuntu"]
    client.post(f"{field.get_absolute_url()}retirement/")
    assert "Operating system Endpoint Protection, premium incident, break/fix" in words(
        client.get("/products/")
    )
    assert not FilingField.objects.asked().exists()


def test_the_lab_tells_of_a_build_and_engineers_only_read(
    client: Client, analyst: User, engineer: User, tuesday: datetime
) -> None:
    client.force_login(analyst)
    client.post("/database-builds/", {"label": "2026-03-10.2"})
    assert DatabaseBuild.objects.get().published_at == tuesday
    again = client.post("/database-builds/", {"label": "2026-03-10.2"})
    assert again.status_code == 422
    assert "known already" in words(again)
    client.force_login(engineer)
    assert "2026-03-10.2 Latest" in words(client.get("/database-builds/"))
    assert client.post("/database-builds/", {"label": "x"}).status_code == 403
