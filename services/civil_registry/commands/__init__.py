"""What can be done in the civil registry: one function per use case, inside the Work that it is given."""
