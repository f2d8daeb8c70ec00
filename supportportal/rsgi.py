"""The RSGI application the web server loads."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportportal.settings")

pages = get_wsgi_application()
# By name, because it imports models, which are there only now.
application = import_string("supportportal.bridge.Application")(pages)
