"""Python reads this at its start when this folder is on PYTHONPATH: daytime lasts the whole day.

A journey runs at the hour somebody runs the tests. Just before eight in the morning the engine rightly
keeps a message until eight, and a journey that waits for its SMS would wait with it. What quiet hours do
is tested as a table, in ``tests/domain/notifications/test_quiet_hours.py``.
"""

from datetime import time

from notifications.domain import quiet_hours

quiet_hours.DAY_STARTS = time.min
quiet_hours.DAY_ENDS = time.max
