"""The search, for programs."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.resource import Resource
from tickets.search.answering import answer_question
from tickets.search.asking import LONGEST, read_question
from tickets.search.finding import Place
from tickets.serializers.search import SearchOutput


class Search(Resource):
    """Everything the reader may see, by words."""

    query_keys = frozenset({"q", "after"})

    @extend_schema(
        operation_id="search",
        parameters=[
            OpenApiParameter(
                "q",
                str,
                description="Words, “phrases”, -left out, and operators such as severity:1, "
                "is:overdue, customer:, product:, after:2026-03-01. The search page lists all.",
            ),
            OpenApiParameter("after", str, description="`more` of the page before."),
        ],
        responses=SearchOutput,
    )
    def get(self, request: Request) -> Response:
        """Search tickets and all that is on them; for staff people and companies too."""
        text = request.query_params.get("q", "")
        if len(text) > LONGEST:
            raise ValidationError({"q": [f"At most {LONGEST} characters."]})
        given = request.query_params.get("after")
        after = None if given is None else Place.read(given)
        if given is not None and after is None:
            raise ValidationError({"after": ["This place is not ours. Start at the first page."]})
        answer = answer_question(
            read_question(text), by=self.reader, now=timezone.now(), after=after
        )
        return Response(SearchOutput(answer, context=self.told()).data)
