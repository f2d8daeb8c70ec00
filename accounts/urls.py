"""Addresses of a person's own page, and of what django-allauth offers and this portal does not."""

from django.urls import path

from accounts import views

urlpatterns = [
    # An address is changed by an administrator: on django-allauth's own page anybody could take
    # one that is not theirs, unproven and unrecorded. Comes before its include.
    path("accounts/email/", views.closed, name="account_email"),
    path("language/", views.choose, name="language"),
    path("kept-text/removal/", views.forget_text, name="kept_text_removal"),
    path("profile/", views.profile, name="profile"),
    path("profile/devices/end/", views.end_devices, name="devices_end"),
    path("profile/devices/<int:pk>/end/", views.end_one_device, name="device_end"),
    path("profile/tokens/", views.make_api_token, name="api_token_new"),
    path("profile/tokens/<int:key>/revocation/", views.end_api_token, name="api_token_revocation"),
]
