"""Addresses of a person's notices, and of how people and programs are told."""

from django.urls import URLPattern, path

from notifications.views import notices, preferences, webhook_changes, webhooks

urlpatterns: list[URLPattern] = [
    path("notices/", notices.notice_list, name="notice_list"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("notices/reading/", notices.create_reading, name="notice_reading"),
    path("profile/mail/", preferences.mail_preferences, name="mail_preferences"),
    path("webhooks/", webhooks.staff_webhooks, name="webhook_list"),
    path("webhooks/new/", webhooks.new_staff_webhook, name="webhook_new"),
    path("webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:pk>/secret/", webhook_changes.secret, name="webhook_secret"),
    path("webhooks/<int:pk>/test/", webhook_changes.test, name="webhook_test"),
    path("webhooks/<int:pk>/state/", webhook_changes.state, name="webhook_state"),
    path("webhooks/<int:pk>/removal/", webhook_changes.removal, name="webhook_removal"),
    path(
        "webhooks/<int:pk>/calls/<int:call>/redelivery/",
        webhook_changes.redelivery,
        name="webhook_redelivery",
    ),
]
