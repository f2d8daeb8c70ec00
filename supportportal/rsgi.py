"""The RSGI application the web server loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportportal.settings")

pages = get_wsgi_application()
# By name, because it imports models, which are there only now.
application = import_string("supportportal.bridge.Application")(pages)

# Before the first request, which else waits seconds for every view to be loaded.
get_resolver().url_patterns  # noqa: B018 - to ask is to load
# What is loaded stays, and is not looked through for garbage again; and a page makes some thousand
# objects, few of them in circles. Worth 3 % of a ticket's page.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
