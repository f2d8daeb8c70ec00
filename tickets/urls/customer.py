"""Addresses of tickets for the customer side."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
