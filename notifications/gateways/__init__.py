"""Providers: one folder each, with the same parts (gateway, webhook, codes) and one vocabulary."""
