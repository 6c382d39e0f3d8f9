"""The contact history of residents: one timeline per customer, written from events only."""
