"""Products, and what is asked about them: an administrator's pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.kept_text import kept_initial
from accounts.requests import SignedInRequest
from entitlements.history import history_of
from tickets.forms.products import ProductForm, QuestionChangeForm, QuestionForm
from tickets.models import FilingField, Product
from tickets.operations.filing_fields import (
    add_filing_field,
    change_filing_field,
    restore_filing_field,
    retire_filing_field,
)
from tickets.operations.products import (
    add_product,
    change_product,
    restore_product,
    retire_product,
)
from tickets.permissions import can_manage_products
from tickets.views.staff import staff_only


def _for_administrators[**P](
    view: Callable[Concatenate[SignedInRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Refuse others of ours (403); nobody else sees that there is such a page (404)."""

    @wraps(view)
    def wrapped(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not can_manage_products(request.user):
            raise NotAllowed("Only an administrator keeps products and what is asked about them.")
        return view(request, *args, **kwargs)

    return staff_only(wrapped)


@require_safe
@_for_administrators
def show_products(request: SignedInRequest) -> HttpResponse:
    """List products and questions, retired ones last."""
    products = Product.objects.all()
    fields = FilingField.objects.select_related("product")
    context = {
        "products": sorted(products, key=lambda one: one.retired_at is not None),
        "questions": sorted(fields, key=lambda one: one.retired_at is not None),
    }
    return render(request, "tickets/product_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_for_administrators
def new_product(request: SignedInRequest) -> HttpResponse:
    """Add a product."""
    form = ProductForm(request.POST or None, initial=kept_initial(request))

    def act(typed: dict[str, Any]) -> str:
        product = add_product(typed["name"], versions=typed["versions"], by=request.user)
        return f"{product} can be chosen for new tickets now."

    return _answer(request, form, act, {"heading": "New product"})


@require_http_methods(["GET", "HEAD", "POST"])
@_for_administrators
def show_product(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a product, and save its name and versions."""
    product = get_object_or_404(Product, pk=pk)
    initial = {"name": product.name, "versions": "\n".join(product.versions)}
    form = ProductForm(request.POST or None, initial=initial | kept_initial(request))

    def act(typed: dict[str, Any]) -> str:
        change_product(product, name=typed["name"], versions=typed["versions"], by=request.user)
        return "Changes saved."

    context = {
        "heading": product.name,
        "thing": product,
        "retirement": "product_retirement",
        "retired_versions": product.retired_versions,
        "history": history_of(product),
    }
    return _answer(request, form, act, context)


@require_POST
@_for_administrators
def retire(request: SignedInRequest, pk: int) -> HttpResponse:
    """Retire a product, or offer it again."""
    product = get_object_or_404(Product, pk=pk)
    if request.POST.get("undo"):
        restore_product(product, by=request.user)
        messages.success(request, f"{product} is offered again.")
    else:
        retire_product(product, by=request.user)
        messages.success(request, f"{product} is retired.")
    return redirect("product_list")


@require_http_methods(["GET", "HEAD", "POST"])
@_for_administrators
def new_question(request: SignedInRequest) -> HttpResponse:
    """Ask something more."""
    form = QuestionForm(request.POST or None, initial=kept_initial(request))

    def act(typed: dict[str, Any]) -> str:
        field = add_filing_field(by=request.user, **typed)
        return f"“{field}” is asked from now on."

    return _answer(request, form, act, {"heading": "New question"})


@require_http_methods(["GET", "HEAD", "POST"])
@_for_administrators
def show_question(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a question, and save how it is asked."""
    field = get_object_or_404(FilingField.objects.select_related("product"), pk=pk)
    initial = {name: getattr(field, name) for name in QuestionChangeForm.base_fields}
    initial["choices"] = "\n".join(field.choices)
    form = QuestionChangeForm(request.POST or None, initial=initial | kept_initial(request))

    def act(typed: dict[str, Any]) -> str:
        change_filing_field(field, by=request.user, **typed)
        return "Changes saved."

    context = {
        "heading": field.label,
        "thing": field,
        "question": field,
        "retirement": "filing_field_retirement",
        "history": history_of(field),
    }
    return _answer(request, form, act, context)


@require_POST
@_for_administrators
def retire_question(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask a question no more, or again."""
    field = get_object_or_404(FilingField, pk=pk)
    if request.POST.get("undo"):
        restore_filing_field(field, by=request.user)
        messages.success(request, f"“{field}” is asked again.")
    else:
        retire_filing_field(field, by=request.user)
        messages.success(request, f"“{field}” is not asked any more.")
    return redirect("product_list")


def _answer(
    request: SignedInRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], str],
    context: dict[str, Any],
) -> HttpResponse:
    """Do the act on valid input and lead back to the list; else show the form."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                said = act(form.cleaned_data)
            except DomainError as error:
                add_domain_error(form, error)
                status = error.status
            else:
                messages.success(request, said)
                return redirect("product_list")
    return render(request, "tickets/product.html", {"form": form, **context}, status=status)
