"""The rules of appointments: pure, without database, framework or clock."""
