"""Pictures put into articles, and taken out."""

from datetime import datetime
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from PIL import Image, UnidentifiedImageError

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from knowledge.errors import WrongState
from knowledge.models import Article, ArticleImage
from knowledge.permissions import can_write_articles

# Units: bytes as sent; pixels in all, judged before anything is unpacked; pixels across as kept.
MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000
WIDEST = 2000
MOST_IMAGES = 60
# What screenshots and photographs come as. SVG is a program, and is not among them.
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


@transaction.atomic
def add_article_image(
    article: Article, sent: bytes, *, by: User, now: datetime | None = None
) -> ArticleImage:
    """Keep a picture for an article, drawn anew as PNG and no wider than WIDEST.

    What hides in a file besides its pixels (places, scripts, other files) stays behind.
    Raises: NotAllowed, InvalidInput; WrongState when the article is retired. Effects: one
    ArticleImage, its file, one audit row. A file without a row leads nowhere.
    """
    if not can_write_articles(by):
        raise NotAllowed("Only those who write articles add pictures.")
    article = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
    if article.retired_at is not None:
        raise WrongState("This article is retired. Take it back first.")
    if article.images.count() >= MOST_IMAGES:
        raise InvalidInput(f"An article has at most {MOST_IMAGES} pictures.", field="image")
    drawn, (width, height) = _drawn_anew(sent)
    moment = now or timezone.now()
    image = ArticleImage(
        article=article, width=width, height=height, size=len(drawn), added_by=by, added_at=moment
    )
    path = Path(settings.MEDIA_ROOT) / image.place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(drawn)
    image.save()
    record_change("picture added", article, by=by, now=moment)
    return image


@transaction.atomic
def remove_article_image(image: ArticleImage, *, by: User, now: datetime | None = None) -> None:
    """Delete a picture that no reader and no draft shows.

    An earlier version that did keeps its words. Raises: NotAllowed; WrongState while the published
    text or the draft shows it. Effects: the ArticleImage, its file after the commit, one audit row.
    """
    if not can_write_articles(by):
        raise NotAllowed("Only those who write articles remove pictures.")
    article = Article.objects.select_for_update(of=("self",)).get(pk=image.article_id)
    if article.published is not None and image.key in article.published.body:
        raise WrongState(
            "Readers see this picture. Publish the article without it first, then remove it."
        )
    if article.writing is not None and image.key in article.writing.body:
        raise WrongState("The draft shows this picture. Take its line out and save first.")
    if _delete(image):
        record_change("picture removed", article, by=by, now=now or timezone.now())


def delete_images_of(article: Article) -> None:
    """Delete the pictures of an article that goes away; call it under the article's lock.

    Effects: its ArticleImages, their files after the commit.
    """
    for image in article.images.all():
        _delete(image)


def _delete(image: ArticleImage) -> bool:
    """Delete a picture, and after the commit its file; say whether it was still there."""
    deleted, _each = ArticleImage.objects.filter(pk=image.pk).delete()
    if deleted:
        path = Path(settings.MEDIA_ROOT) / image.place
        transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return bool(deleted)


def _drawn_anew(sent: bytes) -> tuple[bytes, tuple[int, int]]:
    """The pixels alone, as PNG, and how many across and down. Raises: InvalidInput."""
    if len(sent) > MOST_BYTES:
        raise InvalidInput("A picture has at most 8 MB.", field="image")
    try:
        with Image.open(BytesIO(sent), formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise InvalidInput("A picture has at most 40 million pixels.", field="image")
            picture.seek(0)
            pixels = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    except Image.DecompressionBombError as error:
        raise InvalidInput("A picture has at most 40 million pixels.", field="image") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise InvalidInput("Choose a PNG, JPEG, GIF or WebP picture.", field="image") from error
    if width > WIDEST:
        pixels = pixels.resize((WIDEST, max(1, round(height * WIDEST / width))))
    kept = BytesIO()
    pixels.save(kept, "PNG", optimize=True)
    return kept.getvalue(), pixels.size
