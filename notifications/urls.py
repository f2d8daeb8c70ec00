"""Addresses of a person's notices, and of how they are told."""

from django.urls import URLPattern, path

from notifications.views import notices, preferences

urlpatterns: list[URLPattern] = [
    path("notices/", notices.notice_list, name="notice_list"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("notices/reading/", notices.create_reading, name="notice_reading"),
    path("profile/mail/", preferences.mail_preferences, name="mail_preferences"),
]
