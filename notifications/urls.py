"""Addresses of a person's notices."""

from django.urls import URLPattern, path

from notifications import views

urlpatterns: list[URLPattern] = [
    path("notices/", views.notice_list, name="notice_list"),
    path("notices/<int:pk>/", views.notice, name="notice"),
    path("notices/reading/", views.create_reading, name="notice_reading"),
]
