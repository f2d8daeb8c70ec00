"""What people type about tickets, turned into typed values."""
