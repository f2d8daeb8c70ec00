"""Products and their versions, as an administrator keeps them: retired, never deleted."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from tickets.models import Product
from tickets.permissions import can_manage_products


@transaction.atomic
def add_product(name: str, *, versions: Sequence[str], by: User) -> Product:
    """Offer a product for new tickets. Raises: NotAllowed, InvalidInput. Effects: one audit row."""
    _require_administrator(by)
    last = Product.objects.aggregate(last=Max("order"))["last"]
    product = Product(order=0 if last is None else last + 1)
    product.name = _free_name(name, product)
    product.versions = _tidy(versions)
    product.save()
    record_change("product added", product, by=by, changes={"versions": [[], product.versions]})
    return product


@transaction.atomic
def change_product(product: Product, *, name: str, versions: Sequence[str], by: User) -> Product:
    """Name a product anew and list its versions, newest first; those left out are retired.

    Tickets keep the version they were filed with.
    Raises: NotAllowed, InvalidInput. Effects: the Product; one audit row when anything changed.
    """
    _require_administrator(by)
    product = Product.objects.select_for_update().get(pk=product.pk)
    before = {"name": product.name, "versions": product.versions}
    product.name = _free_name(name, product)
    product.versions = _tidy(versions)
    known = [*before["versions"], *product.retired_versions]
    product.retired_versions = [one for one in known if one not in product.versions]
    product.save()
    after = {"name": product.name, "versions": product.versions}
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if changes:
        record_change("product changed", product, by=by, changes=changes)
    return product


@transaction.atomic
def retire_product(product: Product, *, by: User, now: datetime | None = None) -> Product:
    """Offer a product no more; its tickets stay as they are.

    Raises: NotAllowed. Effects: the Product, one audit row; nothing when it is retired already.
    """
    return _retire(product, now or timezone.now(), by=by)


@transaction.atomic
def restore_product(product: Product, *, by: User) -> Product:
    """Offer a retired product again. Raises: NotAllowed. Effects: as retire_product."""
    return _retire(product, None, by=by)


def _retire(product: Product, at: datetime | None, *, by: User) -> Product:
    _require_administrator(by)
    product = Product.objects.select_for_update().get(pk=product.pk)
    if (product.retired_at is None) == (at is None):
        return product
    product.retired_at = at
    product.save(update_fields=["retired_at"])
    record_change("product retired" if at else "product offered again", product, by=by)
    return product


def _require_administrator(by: User) -> None:
    if not can_manage_products(by):
        raise NotAllowed("Only an administrator keeps the list of products.")


def _free_name(name: str, product: Product) -> str:
    """Raises: InvalidInput for no name, or another product's."""
    tidy = " ".join(name.split())
    if not tidy:
        raise InvalidInput("Give the product a name.", field="name")
    if Product.objects.filter(name__iexact=tidy).exclude(pk=product.pk).exists():
        raise InvalidInput("There is a product of this name already.", field="name")
    return tidy


def _tidy(versions: Sequence[str]) -> list[str]:
    """Raises: InvalidInput for a version that is too long."""
    tidy = list(dict.fromkeys(" ".join(one.split()) for one in versions if one.strip()))
    if any(len(one) > 40 for one in tidy):
        raise InvalidInput("A version has at most 40 characters.", field="versions")
    return tidy
