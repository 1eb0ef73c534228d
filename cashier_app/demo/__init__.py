"""The reference loyalty server, used by demo mode, training and tests."""
