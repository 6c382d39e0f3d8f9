"""Log-in by OpenID Connect for residents, companies and staff, with sessions in the gateway's own database."""
