"""Every SQL statement of appointments, named for what it means: capacity, appointments, catalogue."""
