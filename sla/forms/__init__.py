"""What is typed: about the roster and about calendars."""
