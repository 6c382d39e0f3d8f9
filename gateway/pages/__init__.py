"""The pages for people: HTML forms that work without JavaScript, in Dutch and English."""
