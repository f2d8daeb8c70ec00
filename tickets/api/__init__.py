"""Resources of tickets in the REST API; one module a resource."""
