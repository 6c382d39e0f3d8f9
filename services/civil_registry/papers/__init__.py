"""Papers that the registry gives out, as PDF: from typed contents to bytes, without database, clock or network."""
