"""The API's edge: what is not there, and the page that lists what is."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.resource import Resource
from accounts.requests import SignedInRequest


@extend_schema(exclude=True)
class Nothing(Resource):
    """Every address of the API that is none: the API's own 404 instead of a page."""

    def _refuse(self, request: Request) -> Response:
        raise Http404

    get = post = put = patch = delete = _refuse


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One line of the documentation: what can be done at an address, and with what."""

    method: str
    path: str
    text: str
    query: list[dict[str, Any]]
    fields: list[dict[str, Any]]


@login_required
@require_safe
def api_docs(request: SignedInRequest) -> HttpResponse:
    """List the API's endpoints from its schema.

    A page of our own: the usual ones need styles and scripts our policy has no room for.
    """
    base = "base_staff.html" if request.user.is_staff_member else "base_customer.html"
    return render(request, "supportportal/api_docs.html", {"groups": _groups(), "base": base})


@cache
def _groups() -> dict[str, list[Endpoint]]:
    """Draw up the list once in a process: the schema takes a fifth of a second."""
    generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]  # spectacular types half
    schema: dict[str, Any] = generator.get_schema(request=None, public=True)
    groups: dict[str, list[Endpoint]] = {}
    for path, methods in schema["paths"].items():
        group = path.removeprefix("/api/v1/").split("/")[0].capitalize()
        for method, operation in methods.items():
            groups.setdefault(group, []).append(
                Endpoint(
                    method=method.upper(),
                    path=path,
                    text=operation.get("description", ""),
                    query=[one for one in operation.get("parameters", []) if one["in"] != "path"],
                    fields=_fields(operation, schema),
                )
            )
    return groups


def _fields(operation: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    content = operation.get("requestBody", {}).get("content", {})
    reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    if not reference:
        return []
    component = schema["components"]["schemas"][reference.rsplit("/", 1)[-1]]
    return [
        {
            "name": name,
            "required": name in component.get("required", []),
            "text": field.get("description", ""),
        }
        for name, field in component["properties"].items()
    ]
