"""Notices in the REST API."""
