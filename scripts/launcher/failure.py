class LaunchError(Exception):
    """Something the person at the keyboard can act on; the message is shown to them as it is."""
