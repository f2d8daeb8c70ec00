"""The portal's addresses, and the floor's."""

from django.urls import path

from supportportal.urls import urlpatterns as portal
from tests.load.floor import floor

urlpatterns = [*portal, path("floor/", floor)]
