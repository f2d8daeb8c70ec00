"""Pages of notices and of how they reach people and programs."""
