"""Stand-ins for the world: a clock that is told, a backend in memory, a runner that waits, a counter."""
