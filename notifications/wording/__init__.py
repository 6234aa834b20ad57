"""What messages say: the kinds, their versions, the checks on them, and filling them in."""
