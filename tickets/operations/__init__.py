"""Changes of tickets, by subject. Pages, API, Celery and commands all call these."""
