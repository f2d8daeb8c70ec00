"""Pictures of articles: added by their writers, read by whoever reads the article."""

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import InvalidInput
from accounts.requests import SignedInRequest
from knowledge.errors import WrongState
from knowledge.models import Article, ArticleImage
from knowledge.operations.images import MOST_BYTES, add_article_image, remove_article_image
from knowledge.permissions import can_write_articles
from knowledge.views.reading import visible_article
from knowledge.views.writing import for_writers


@require_safe
def show_image(request: HttpRequest, key: str) -> HttpResponse:
    """Hand out a picture to whoever reads the words it stands in.

    Those who write articles see it before it is published. Raises: Http404.
    """
    image = get_object_or_404(ArticleImage, key=key)
    article = Article.objects.visible_to(request.user).filter(pk=image.article_id).first()
    if article is None or not (_writes(request) or _is_published(article, image)):
        raise Http404
    path = Path(settings.MEDIA_ROOT) / image.place
    if not path.is_file():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type="image/png")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    # A key always means the same picture; who may read it can change.
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@require_POST
@for_writers
def create_image(request: SignedInRequest, slug: str) -> HttpResponse:
    """Add a picture; a script gets its Markdown, a plain form the page to go on with."""
    article = visible_article(request, slug)
    file = request.FILES.get("image")
    if file is None:
        return _refuse(request, article, "Choose a picture first.")
    try:
        image = add_article_image(article, file.read(MOST_BYTES + 1), by=request.user)
    except InvalidInput as refusal:
        return _refuse(request, article, refusal.message)
    if _is_script(request):
        return JsonResponse({"markdown": image.markdown}, status=201)
    messages.success(request, "The picture is there. Copy its line to where it should stand.")
    return redirect("article_edit", slug=article.slug)


@require_POST
@for_writers
def remove_image(request: SignedInRequest, key: str) -> HttpResponse:
    """Remove a picture that stands nowhere. Raises: Http404."""
    image = get_object_or_404(ArticleImage.objects.select_related("article"), key=key)
    article = visible_article(request, image.article.slug)
    try:
        remove_article_image(image, by=request.user)
    except WrongState as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "The picture is removed.")
    return redirect("article_edit", slug=article.slug)


def _refuse(request: SignedInRequest, article: Article, why: str) -> HttpResponse:
    if _is_script(request):
        return JsonResponse({"error": why}, status=422)
    messages.error(request, why)
    return redirect("article_edit", slug=article.slug)


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _writes(request: HttpRequest) -> bool:
    return request.user.is_authenticated and can_write_articles(request.user)


def _is_published(article: Article, image: ArticleImage) -> bool:
    return article.published is not None and image.key in article.published.body
