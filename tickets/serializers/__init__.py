"""What the API takes in and gives out about tickets, by resource."""
