"""Every address of the portal: includes only."""

from django.urls import URLPattern, URLResolver, include, path

from supportportal import gallery

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("", include("supportportal.health.urls")),
    path("components/", gallery.components, name="components"),
    path("", include("tickets.urls")),
    path("", include("entitlements.urls")),
]

handler400 = "supportportal.page_errors.bad_request"
handler403 = "supportportal.page_errors.permission_denied"
handler404 = "supportportal.page_errors.page_not_found"
handler500 = "supportportal.page_errors.server_error"
