"""Addresses for probes and for those who keep the portal running."""

from django.urls import path

from supportportal.health import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("health/live/", views.live, name="health_live"),
    path("status/", views.status, name="status"),
]
