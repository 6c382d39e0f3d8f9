"""`python -m deploy.local COMMAND`: see `make help`."""

from deploy.local.commands import main

main()
