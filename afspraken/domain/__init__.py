"""Pure rules: no Django, no clock, no network. The caller passes ``now``."""
