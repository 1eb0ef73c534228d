"""Documents as PDF, made without a window."""
