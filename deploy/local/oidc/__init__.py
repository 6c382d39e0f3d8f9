"""A simulated log-in: three OpenID Connect providers in one process, for `make up`, containers and tests.

It lets everybody in as anybody, so it never runs in production. It is not DigiD and not eHerkenning, and says so on
every page. Nobody whom it vouches for exists.
"""
