"""What the till asks of the world, as protocols."""
