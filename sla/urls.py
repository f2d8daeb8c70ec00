"""Addresses of the roster."""

from django.urls import URLPattern, path

from sla.views import roster, roster_feed, shift, shift_pattern

urlpatterns: list[URLPattern] = [
    path("roster/", roster.show_roster, name="roster"),
    path("roster/shifts/new/", shift.show_new_shift, name="shift_new"),
    path("roster/shifts/<int:pk>/", shift.show_shift, name="shift"),
    path("roster/shifts/<int:pk>/giving/", shift.give, name="shift_giving"),
    path("roster/shifts/<int:pk>/swap/", shift.swap, name="shift_swap"),
    path("roster/shifts/<int:pk>/removal/", shift.remove, name="shift_removal"),
    path("roster/shifts/<int:pk>/hand-over/", roster.hand_over, name="shift_hand_over"),
    path("roster/patterns/new/", shift_pattern.show_new_pattern, name="shift_pattern_new"),
    path("roster/patterns/<int:pk>/end/", shift_pattern.show_pattern_end, name="shift_pattern_end"),
    path("roster/feed/", roster_feed.make_feed, name="roster_feed_new"),
    path("roster/feed/revocation/", roster_feed.revoke_feed, name="roster_feed_revocation"),
    path("roster/<str:token>.ics", roster_feed.show_feed, name="roster_feed"),
]
