"""Resources of plans, companies and contracts in the REST API."""
