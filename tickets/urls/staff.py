"""Addresses of tickets for the staff side."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
