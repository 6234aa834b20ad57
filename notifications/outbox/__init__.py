"""The only writers of the outbox: enqueue, claim, prepare, deliver, record, reconcile, purge."""
