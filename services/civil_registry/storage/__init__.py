"""Every SQL statement of the civil registry, named for what it means."""
