"""Addresses of tickets, by who comes there."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tickets.urls.shared")),
    path("", include("tickets.urls.customer")),
    path("", include("tickets.urls.staff")),
]
