"""Search: what somebody typed is read, asked, ranked and marked. Everybody sees only their own."""
