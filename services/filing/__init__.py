"""Files on disk, named by their content and encrypted: papers that came in and documents that went out.

A room like messaging: gateway and services use it, and it knows none of them. Who may have a file is not its business:
whoever asks for one has checked that before.
"""
