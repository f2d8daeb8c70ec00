"""All tags and filters of the pages under one name; templates/README.md says how to use them."""

from django import template

from supportportal.templatetags import (
    clocks,
    fields,
    files,
    forms,
    icons,
    marks,
    people,
    prose,
    queue,
    remembered,
    scripts,
    thread,
    times,
)

register = template.Library()

for part in (
    clocks,
    fields,
    files,
    forms,
    icons,
    marks,
    people,
    prose,
    queue,
    remembered,
    scripts,
    thread,
    times,
):
    register.tags |= part.register.tags
    register.filters |= part.register.filters
