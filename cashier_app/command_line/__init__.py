"""`cashier-cli`: whatever the window can compute, printed, by the same services."""
