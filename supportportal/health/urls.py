"""Addresses for probes and for those who keep the portal running."""

from django.urls import path

from supportportal.health import metrics, views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("health/live/", views.live, name="health_live"),
    # Prometheus asks this very address unless told otherwise.
    path("metrics", metrics.metrics, name="metrics"),
    path("status/", views.status, name="status"),
]
