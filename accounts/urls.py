"""Addresses of a person's own page; signing in is django-allauth's."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/tokens/", views.make_api_token, name="api_token_new"),
    path("profile/tokens/<int:key>/revocation/", views.end_api_token, name="api_token_revocation"),
]
