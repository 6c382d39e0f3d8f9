"""Civil status: which facts can be declared, by whom and by when. Deeds come with their own issue."""
