"""What a page gives to its scripts."""

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from supportportal import script_words as table

register = template.Library()


@register.simple_tag
def script_words() -> SafeString:
    """Give the scripts their sentences in the page's language; nothing in English."""
    words = table.script_words(get_language() or "en")
    return json_script(words, "script-words") if words else SafeString("")
