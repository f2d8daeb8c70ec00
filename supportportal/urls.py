"""Every address of the portal: includes only."""

from django.urls import URLPattern, URLResolver, include, path

from supportportal import api_root, gallery, palette
from supportportal.live import views as live

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("supportportal.health.urls")),
    path("api/v1/", include("supportportal.api_urls")),
    path("api/", api_root.api_docs, name="api_docs"),
    path("palette/", palette.show_palette, name="palette"),
    path("live/", live.listen, name="live"),
    path("components/", gallery.components, name="components"),
    path("", include("announcements.urls")),
    path("", include("notifications.urls")),
    path("", include("tickets.urls")),
    path("", include("knowledge.urls")),
    path("", include("entitlements.urls")),
    path("", include("sla.urls")),
]

handler400 = "supportportal.page_errors.bad_request"
handler403 = "supportportal.page_errors.permission_denied"
handler404 = "supportportal.page_errors.page_not_found"
handler500 = "supportportal.page_errors.server_error"
