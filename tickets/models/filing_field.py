"""What else is asked when a ticket is filed, and what was answered."""

from decimal import Decimal, InvalidOperation
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from tickets.choices import FieldKind, TicketKind
from tickets.models.product import Product
from tickets.models.ticket import Ticket

LONGEST_VALUE = 1000


class FilingFieldQuerySet(models.QuerySet["FilingField"]):
    """Questions about what is asked."""

    def asked(self) -> "FilingFieldQuerySet":
        """Those that are asked today."""
        return self.filter(retired_at__isnull=True).select_related("product")


class FilingField(models.Model):
    """A question asked at the filing of tickets about a product, of some kinds, of both, or of all.

    No kinds are every kind. `key` is its name in the API and in drafts. `is_shown` puts the answer
    on the ticket's page, `is_searchable` among the words staff search. A question is retired, never
    deleted, because answers hang on it. Written by tickets.operations.filing_fields.
    """

    key = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=80)
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="fields"
    )
    ticket_kinds = ArrayField(
        models.CharField(max_length=16, choices=TicketKind.choices), default=list, blank=True
    )
    kind = models.CharField(max_length=6, choices=FieldKind.choices)
    choices = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    help_text = models.CharField(max_length=200, blank=True)
    is_required = models.BooleanField(default=False)
    is_shown = models.BooleanField(default=True)
    is_searchable = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["FilingField"]] = FilingFieldQuerySet.as_manager()

    class Meta:
        ordering = ("order", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(kind=FieldKind.CHOICE) | ~Q(choices=[]),
                name="a_choice_has_something_to_choose",
            ),
        )

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("filing_field", args=[self.pk])

    @property
    def name(self) -> str:
        """Its name in a form."""
        return f"field_{self.key}"

    def is_for(self, product: Product | None, kind: TicketKind) -> bool:
        """Whether it is asked of a ticket."""
        if not self.is_of(kind):
            return False
        return self.product_id is None or (product is not None and product.pk == self.product_id)

    def is_of(self, kind: TicketKind) -> bool:
        """Whether it is asked of tickets of a kind, whatever their product."""
        return not self.ticket_kinds or kind in self.ticket_kinds

    @property
    def kind_words(self) -> str:
        """The kinds it is asked of, in the reader's language; empty for every kind."""
        kinds = [_(one.label) for one in TicketKind if one in self.ticket_kinds]
        return ", ".join(kinds)

    def read(self, typed: str) -> str:
        """Take an answer as it is kept; empty when there is none.

        Raises: InvalidInput, naming the field of the form.
        """
        text, told = typed.strip(), {"question": self.label}
        if not text:
            if self.is_required:
                raise InvalidInput(
                    _("%(question)s: we need this to start.") % told, field=self.name
                )
            return ""
        if self.kind == FieldKind.CHOICE and text not in self.choices:
            raise InvalidInput(_("%(question)s: choose one of the list.") % told, field=self.name)
        if self.kind == FieldKind.NUMBER:
            return self._number(text)
        if len(text) > LONGEST_VALUE or "\0" in text:
            raise InvalidInput(
                _("%(question)s: write at most %(number)d characters.")
                % {**told, "number": LONGEST_VALUE},
                field=self.name,
            )
        return text

    def _number(self, text: str) -> str:
        try:
            number = Decimal(text.replace(",", "."))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number.adjusted()) > 18 or len(text) > 40:
            raise InvalidInput(
                _("%(question)s: write a number, such as 120.") % {"question": self.label},
                field=self.name,
            )
        return format(number, "f")


class FieldValue(models.Model):
    """An answer on a ticket. Written once, by file_ticket; a trigger puts it into the search."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="field_values")
    field = models.ForeignKey(FilingField, on_delete=models.PROTECT, related_name="values")
    value = models.CharField(max_length=LONGEST_VALUE)

    class Meta:
        ordering = ("field__order", "field")
        constraints = (
            models.UniqueConstraint(fields=("ticket", "field"), name="a_question_has_one_answer"),
        )

    def __str__(self) -> str:
        return f"{self.field}: {self.value}"
