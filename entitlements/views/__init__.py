"""Pages about plans, customers, contracts and seats; one module a resource."""
