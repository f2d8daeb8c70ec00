"""What a filing form is made of, told in one query: a page shows it, and an operation decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model

from entitlements.models import Membership, SeverityDefinition
from tickets.models import FilingField, Product

# Written out: as four questions of Django's they took four times as long to ask as to answer.
_SQL = """
SELECT (SELECT json_agg(definition ORDER BY definition.severity)
          FROM entitlements_severitydefinition AS definition),
       (SELECT json_agg(product ORDER BY product."order", product.name)
          FROM tickets_product AS product WHERE product.retired_at IS NULL),
       (SELECT json_agg(field ORDER BY field."order", field.id)
          FROM tickets_filingfield AS field WHERE field.retired_at IS NULL),
       (SELECT json_agg(json_build_array(person.id, person.name, membership.hears_of_all)
                        ORDER BY person.name, person.id)
          FROM entitlements_membership AS membership
          JOIN accounts_user AS person ON person.id = membership.user_id
         WHERE membership.customer_id = %(customer)s AND membership.left_at IS NULL
               AND person.is_active AND person.id <> %(user)s)
"""


class Colleague(NamedTuple):
    """Somebody else of the company, who can get a copy, or gets one of each ticket."""

    user_id: int
    name: str
    hears_of_all: bool


@dataclass(frozen=True, slots=True)
class FilingGuide:
    """What can be chosen and what is asked when a member of a company files."""

    definitions: list[SeverityDefinition]
    products: list[Product]
    asked: list[FilingField]
    colleagues: list[Colleague]


def filing_guide(membership: Membership) -> FilingGuide:
    """Read what a form for this person shows; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"customer": membership.customer_id, "user": membership.user_id})
        definitions, products, asked, colleagues = (rows or [] for rows in cursor.fetchone())
    offered = {row["id"]: _row(Product, row) for row in products}
    fields = []
    for row in asked:
        field = _row(FilingField, row)
        if field.product_id is not None:
            if field.product_id not in offered:
                continue  # Its product cannot be chosen any more.
            field.product = offered[field.product_id]
        fields.append(field)
    return FilingGuide(
        definitions=[_row(SeverityDefinition, row) for row in definitions],
        products=list(offered.values()),
        asked=fields,
        colleagues=[Colleague(*row) for row in colleagues],
    )


def _row[Row: Model](model: type[Row], values: Mapping[str, Any]) -> Row:
    row = model(**values)
    row._state.adding = False
    return row
