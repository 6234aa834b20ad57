"""The demo's data: people, two weeks of conversations around today, and a file to import.

Everything is made by the flow itself, at a clock that runs from two weeks ago until now, and delivered
by the console gateway: no row is written by hand, so the demo shows only what the product really does.
"""
