"""Pictures in articles: drawn anew, and read by whoever reads the words they stand in."""

import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from knowledge.errors import WrongState
from knowledge.models import Article, ArticleImage
from knowledge.operations import images
from knowledge.operations.images import add_article_image, remove_article_image
from knowledge.operations.writing import discard_draft_of, write_article
from supportportal.templatetags.prose import article_text, markdown
from tests.factories.knowledge import WORDS, a_writer, make_article, make_draft, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue", "tuesday")]


@pytest.fixture(autouse=True)
def _media(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20)) -> bytes:
    drawn = BytesIO()
    Image.new("RGB", size, "navy").save(drawn, kind)
    return drawn.getvalue()


def add(article: Article, sent: bytes | None = None) -> ArticleImage:
    return add_article_image(article, sent or picture(), by=a_writer())


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_is_drawn_anew_and_recorded(kind: str, settings: LazySettings) -> None:
    article = make_article()
    image = add(article, picture(kind) + b"<script>stays behind</script>")
    kept = (Path(settings.MEDIA_ROOT) / image.place).read_bytes()
    assert kept.startswith(b"\x89PNG")
    assert b"script" not in kept
    assert (image.width, image.height, image.size) == (40, 20, len(kept))
    assert AuditEvent.objects.filter(action="picture added").count() == 1


def test_a_wide_picture_is_made_narrower() -> None:
    image = add(make_article(), picture(size=(4000, 100)))
    assert (image.width, image.height) == (2000, 50)


@pytest.mark.parametrize("sent", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ", b"\x89PNG"])
def test_what_is_no_picture_is_refused(sent: bytes) -> None:
    article = make_article()
    with pytest.raises(InvalidInput, match="PNG, JPEG, GIF or WebP"):
        add(article, sent)
    assert not ArticleImage.objects.exists()


def test_too_many_pixels_are_refused_before_they_are_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(images, "MOST_PIXELS", 799)
    with pytest.raises(InvalidInput, match="million pixels"):
        add(make_article())


def test_a_picture_that_claims_to_be_huge_is_refused_before_it_is_unpacked() -> None:
    # A PNG of one line whose header says 30,000 by 30,000.
    sent = bytearray(picture())
    sent[16:24] = (30_000).to_bytes(4) * 2
    sent[29:33] = zlib.crc32(sent[12:29]).to_bytes(4)
    with pytest.raises(InvalidInput, match="million pixels"):
        add(make_article(), bytes(sent))


def test_only_writers_add_pictures(tam: User) -> None:
    with pytest.raises(NotAllowed):
        add_article_image(make_article(), picture(), by=tam)


def test_a_picture_is_read_with_the_published_words_alone(
    client: Client, contact: User, foreign_contact: User
) -> None:
    article = make_draft(plan_keys=("msa-business",), is_public=False)
    image = add(article)
    draft = article.draft
    draft.body = f"## What you see\n\n{image.markdown}"
    draft.save()
    address = image.get_absolute_url()
    client.force_login(contact)
    assert client.get(address).status_code == 404
    client.force_login(a_writer())
    assert client.get(address).status_code == 200
    article = publish(article)
    client.force_login(contact)
    read = client.get(address)
    assert read.status_code == 200
    assert read["Content-Type"] == "image/png"
    assert read["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert (
        f'<img src="{address}" alt="What it shows">' in client.get(article.get_absolute_url()).text
    )
    client.force_login(foreign_contact)
    assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 404


def test_a_picture_that_stands_in_no_published_words_is_not_given_out(
    client: Client, contact: User
) -> None:
    image = add(make_article())
    client.force_login(contact)
    assert client.get(image.get_absolute_url()).status_code == 404


def test_a_form_and_a_script_add_one(client: Client) -> None:
    article = make_article()
    client.force_login(a_writer())
    address = f"{article.get_absolute_url()}images/"
    sent = client.post(address, {"image": SimpleUploadedFile("a.png", picture())})
    assert sent.status_code == 302
    line = ArticleImage.objects.get().markdown
    assert line in client.get(f"{article.get_absolute_url()}edit/").text
    told = client.post(
        address,
        {"image": SimpleUploadedFile("a.png", picture())},
        headers={"accept": "application/json"},
    )
    assert told.status_code == 201
    assert told.json()["markdown"].startswith("![What it shows](/knowledge/images/")
    wrong = client.post(
        address,
        {"image": SimpleUploadedFile("a.svg", b"<svg/>")},
        headers={"accept": "application/json"},
    )
    assert (wrong.status_code, "PNG" in wrong.json()["error"]) == (422, True)


def test_pictures_from_elsewhere_are_words() -> None:
    key = "0" * 32
    own = f"![Ours](/knowledge/images/{key}/)"
    assert f'<img src="/knowledge/images/{key}/" alt="Ours">' in article_text(own)
    for source in ("https://spy.example/a.png", "//spy.example/a.png", "/tickets/1/", "data:x"):
        assert "<img" not in article_text(f"![Theirs]({source})")
        assert "Theirs" in article_text(f"![Theirs]({source})")
    assert "<img" not in markdown(own)


@pytest.mark.django_db(transaction=True)
def test_a_picture_that_stands_nowhere_is_removed_with_its_file(
    client: Client, settings: LazySettings
) -> None:
    article = make_article()
    image = add(article)
    client.force_login(a_writer())
    page = client.get(f"{article.get_absolute_url()}edit/").text
    assert "Stands nowhere yet" in page
    assert f"{image.get_absolute_url()}removal/" in page
    client.post(f"{image.get_absolute_url()}removal/")
    assert not ArticleImage.objects.exists()
    assert not (Path(settings.MEDIA_ROOT) / image.place).exists()
    assert AuditEvent.objects.filter(action="picture removed").count() == 1
    assert client.post(f"{image.get_absolute_url()}removal/").status_code == 404


def test_a_picture_that_somebody_sees_stays(client: Client, tam: User) -> None:
    article = make_draft()
    image = add(article)
    article.draft.body = f"## What you see\n\n{image.markdown}"
    article.draft.save()
    article.refresh_from_db()
    with pytest.raises(WrongState, match="The draft shows this picture"):
        remove_article_image(image, by=a_writer())
    article = publish(article)
    with pytest.raises(WrongState, match="Readers see this picture"):
        remove_article_image(image, by=a_writer())
    with pytest.raises(NotAllowed):
        remove_article_image(image, by=tam)
    client.force_login(a_writer())
    page = client.get(f"{article.get_absolute_url()}edit/").text
    assert "Stands in the published text" in page
    assert f"{image.get_absolute_url()}removal/" not in page
    client.post(f"{image.get_absolute_url()}removal/")
    assert ArticleImage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_pictures_of_an_article_that_was_never_published_go_with_it(
    client: Client, settings: LazySettings
) -> None:
    article = make_draft()
    first, second = add(article), add(article)
    files = [Path(settings.MEDIA_ROOT) / image.place for image in (first, second)]
    client.force_login(a_writer())
    removal = f"{article.get_absolute_url()}draft/removal/"
    assert client.post(removal).status_code == 302
    assert not Article.objects.exists()
    assert not ArticleImage.objects.exists()
    assert not any(file.exists() for file in files)


def test_the_pictures_of_a_published_article_outlive_its_draft(
    client: Client, settings: LazySettings
) -> None:
    article = make_article()
    image = add(article)
    write_article(article, WORDS, seen=0, by=a_writer())
    discard_draft_of(article, by=a_writer())
    assert list(article.images.all()) == [image]
    assert (Path(settings.MEDIA_ROOT) / image.place).exists()
