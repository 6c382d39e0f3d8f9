"""The law on terms, holidays and declarations: pure rules, each with its article."""
