"""The ledger the tills of a store share, on PostgreSQL: the only place that knows it."""
