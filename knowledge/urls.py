"""Addresses of articles."""

from django.urls import path

from knowledge.views import images, reading, writing

urlpatterns = [
    path("knowledge/", reading.show_articles, name="article_list"),
    path("knowledge/new/", writing.new_article, name="article_new"),
    path("knowledge/drafts/", writing.show_drafts, name="article_drafts"),
    path("knowledge/images/<slug:key>/", images.show_image, name="article_image"),
    path("knowledge/images/<slug:key>/removal/", images.remove_image, name="article_image_removal"),
    path("knowledge/<slug:slug>/images/", images.create_image, name="article_images"),
    path("knowledge/<slug:slug>/", reading.show_article, name="article"),
    path("knowledge/<slug:slug>/vote/", reading.create_vote, name="article_vote"),
    path("knowledge/<slug:slug>/edit/", writing.edit_article, name="article_edit"),
    path(
        "knowledge/<slug:slug>/draft/removal/", writing.remove_draft, name="article_draft_removal"
    ),
    path("knowledge/<slug:slug>/review/", writing.create_review, name="article_review"),
    path("knowledge/<slug:slug>/review/removal/", writing.remove_review, name="article_return"),
    path(
        "knowledge/<slug:slug>/publication/", writing.create_publication, name="article_publication"
    ),
    path("knowledge/<slug:slug>/retirement/", writing.create_retirement, name="article_retirement"),
    path(
        "knowledge/<slug:slug>/retirement/removal/",
        writing.remove_retirement,
        name="article_restoration",
    ),
    path("knowledge/<slug:slug>/versions/", writing.show_versions, name="article_versions"),
]
