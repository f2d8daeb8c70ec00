"""Articles, for programs: what the reader may read. Nobody needs to sign in for the public ones."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.resource import Resource
from knowledge.models import Article
from knowledge.searching import LONGEST, find_articles
from knowledge.serializers import ArticleOutput, ArticlePage

PAGE_SIZE = 25


class Articles(Resource):
    """What can be read, by words and product."""

    permission_classes = (AllowAny,)
    query_keys = frozenset({"q", "product", "page"})

    @extend_schema(
        operation_id="articles_list",
        parameters=[
            OpenApiParameter("q", str, description="Words, “phrases”, -left out."),
            OpenApiParameter("product", str, description="The name of a product."),
            OpenApiParameter("page", int, description="From 1; 25 articles each."),
        ],
        responses=ArticlePage,
    )
    def get(self, request: Request) -> Response:
        """List and search articles."""
        words, product = (request.query_params.get(key, "") for key in ("q", "product"))
        given = request.query_params.get("page", "1")
        if len(words) > LONGEST:
            raise ValidationError({"q": [f"At most {LONGEST} characters."]})
        if not (given.isascii() and given.isdigit() and 0 < len(given) < 7 and int(given)):
            raise ValidationError({"page": ["A whole number from 1."]})
        found = find_articles(words, reader=request.user, product=product[:80])
        pages = Paginator(found, PAGE_SIZE)
        page = pages.get_page(given)
        answer = {
            "count": pages.count,
            "next_page": page.next_page_number() if page.has_next() else None,
            "results": list(page) if int(given) == page.number else [],
        }
        return Response(ArticlePage(answer).data)


class ArticleResource(Resource):
    """One article."""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="articles_retrieve", responses=ArticleOutput)
    def get(self, request: Request, slug: str) -> Response:
        """Read an article as it is published now."""
        visible = Article.objects.visible_to(request.user).current().select_related("published")
        return Response(ArticleOutput(get_object_or_404(visible, slug=slug)).data)
