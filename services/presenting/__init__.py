"""Wording that residents see everywhere alike: days and times, money, calendar files, links.

Pure functions, shared by the gateway and the mails, so that page, mail and calendar never say two things.
"""
