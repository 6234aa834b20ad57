"""Files with appointments: recognised, read, checked cell by cell, and turned into deliveries for ``flow.plan``."""
