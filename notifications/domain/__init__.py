"""Rules of the post room: no clock, no database, no network; the caller passes ``now``."""
