"""Who is who, and what a contact was: pure rules."""
