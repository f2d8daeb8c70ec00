"""What every resource of the REST API shares: reading, refusing, paging, and who asks."""
