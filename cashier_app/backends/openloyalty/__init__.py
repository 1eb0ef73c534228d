"""Open Loyalty, hosted edition 5.x."""
