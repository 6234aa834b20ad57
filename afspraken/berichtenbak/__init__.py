"""The demo's phone and mailbox: what the console gateway kept, and a way to answer as the client.

Exists only where ``settings.DEMO`` is on: it shows every message to whoever opens it.
"""
