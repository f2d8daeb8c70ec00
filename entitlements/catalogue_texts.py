"""The texts of the catalogue that visitors read, so that they are found and translated.

The catalogue is data: its texts are looked up in the reader's language where they are shown. A test
holds this list and the catalogue together.
"""

from django.utils.translation import gettext_noop

TEXTS = (
    gettext_noop("For all clients by default"),
    gettext_noop("For smaller organizations"),
    gettext_noop("For growing businesses"),
    gettext_noop("For mid-size to large organizations"),
    gettext_noop("For large enterprises with complex environments"),
    gettext_noop(
        "For large enterprises with complex environments; designed for customers who already have "
        "a Plus License"
    ),
    gettext_noop("the business is interrupted: systems crash or data is lost"),
    gettext_noop("business stopped or network down"),
    gettext_noop("virus outbreak across the network"),
    gettext_noop("critical servers severely affected"),
    gettext_noop("false positive on critical applications"),
    gettext_noop("many computers unresponsive because of the product"),
    gettext_noop("functionality is affected, without crash, corruption or loss of data"),
    gettext_noop("severe impact on the business, core applications or non-critical systems"),
    gettext_noop("a non-critical problem or service request that partly affects the product"),
    gettext_noop("business affected or partly disabled"),
    gettext_noop("a minor problem or service request that leaves functionality untouched"),
    gettext_noop("non-critical problem or request"),
    # Levels of priority escalation.
    gettext_noop("Basic"),
    gettext_noop("Medium"),
    gettext_noop("High"),
    gettext_noop("Highest"),
)
