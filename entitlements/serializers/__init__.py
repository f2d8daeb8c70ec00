"""What the API gives out about plans, companies and contracts."""
