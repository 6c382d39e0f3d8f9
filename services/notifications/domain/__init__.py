"""Rules of messages: which there are, how their lives go, when a reminder is due, how long to wait after trouble."""
