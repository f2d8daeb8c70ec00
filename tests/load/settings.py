"""The production settings, with one address more: the floor that pages are compared with."""

from supportportal.settings import *  # noqa: F403 - all of them

ROOT_URLCONF = "tests.load.urls"
