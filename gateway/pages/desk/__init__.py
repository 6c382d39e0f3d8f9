"""The staff desk of the civil registry: queues, review, deeds and registers. Only for who logged in as staff."""
