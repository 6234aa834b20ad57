"""The roof: settings, addresses, clocks and start-up of the whole service."""
