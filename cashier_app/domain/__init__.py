"""Values and rules of the trade: pure, total, no input or output."""
