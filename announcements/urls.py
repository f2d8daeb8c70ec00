"""Addresses of announcements."""

from django.urls import path

from announcements import views

urlpatterns = [
    path("announcements/", views.show_announcements, name="announcement_list"),
    path("announcements/new/", views.new_announcement, name="announcement_new"),
    path("announcements/<int:pk>/", views.show_announcement, name="announcement"),
    path("announcements/<int:pk>/edit/", views.edit_announcement, name="announcement_edit"),
    path("announcements/<int:pk>/reading/", views.create_reading, name="announcement_reading"),
    path("announcements/<int:pk>/updates/", views.create_update, name="announcement_updates"),
    path("announcements/<int:pk>/end/", views.create_end, name="announcement_end"),
]
