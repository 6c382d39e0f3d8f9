"""What the civil registry answers, does and tells. All instants are UTC; all days are Europe/Amsterdam."""
