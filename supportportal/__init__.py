"""The project: settings, routes, the Celery application and the edges every app shares."""

from supportportal.celery import app as celery_app

__all__ = ["celery_app"]
