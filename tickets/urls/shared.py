"""Addresses of tickets that both sides use: the page itself differs, its address does not."""

from django.urls import URLPattern, path

from tickets.views import ticket

urlpatterns: list[URLPattern] = [
    path("tickets/<int:number>/", ticket.show_ticket, name="ticket"),
]
