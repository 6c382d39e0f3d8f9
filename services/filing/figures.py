"""What operators see of the files."""

from prometheus_client import Counter

files_stored = Counter("balie_files_stored_total", "Files written to the store.")
files_unreadable = Counter("balie_files_unreadable_total", "Files that were asked for and are not whole.", ("reason",))
uploads_examined = Counter("balie_uploads_total", "Files that were offered by people.", ("outcome",))
