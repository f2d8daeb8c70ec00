"""The base of every resource."""

from typing import Any, override

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts.api.fields import StrictInput
from accounts.api.pages import FirstRows, Pages
from accounts.models import User

PAGE_KEYS = frozenset({"cursor", "page_size"})


class Resource(APIView):
    """A resource: fetches through visible_to(reader), and each write calls one operation.

    `query_keys` are the keys of the address a resource knows; it refuses all others.
    """

    query_keys: frozenset[str] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        known = self.query_keys if request.method in {"GET", "HEAD"} else frozenset[str]()
        problems = {
            key[:60]: ["There is no such key here."]
            for key in request.query_params
            if key not in known
        }
        problems |= {
            key: ["Give this key once."]
            for key in known
            if len(request.query_params.getlist(key)) > 1
        }
        if problems:
            raise ValidationError(problems, code="unknown")

    @override
    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Keep answers out of every cache on the way: they are one reader's."""
        response.headers.setdefault("Cache-Control", "no-store")
        return super().finalize_response(request, response, *args, **kwargs)

    @property
    def reader(self) -> User:
        """Who asks; the permission has turned everybody else away."""
        assert isinstance(self.request.user, User)
        return self.request.user

    def read_body[Input: StrictInput](self, serializer_class: type[Input]) -> dict[str, Any]:
        """Return the body as typed values. Raises: ValidationError, ParseError."""
        serializer = serializer_class(data=self.request.data, context={"reader": self.reader})
        serializer.is_valid(raise_exception=True)
        values: dict[str, Any] = serializer.validated_data
        return values

    def told(self) -> dict[str, Any]:
        """Return what output serializers need to know: who reads, and when."""
        return {"reader": self.reader, "now": timezone.now()}


class PagedResource(Resource):
    """A resource whose GET is a list, page by page."""

    pagination_class: type[Pages] = Pages
    query_keys = PAGE_KEYS

    def answer_page(
        self, queryset: QuerySet[Any] | FirstRows[Any], serializer_class: type[Serializer[Any]]
    ) -> Response:
        """Answer with the page asked for."""
        pages = self.pagination_class()
        rows = pages.paginate_queryset(queryset, self.request, view=self)
        serializer = serializer_class(rows or [], many=True, context=self.told())
        return pages.get_paginated_response(serializer.data)
