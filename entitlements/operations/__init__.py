"""Changes of what is owed, by subject: contracts, seats, incidents, customers, plan requests."""
