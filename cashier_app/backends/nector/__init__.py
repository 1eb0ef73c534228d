"""Nector (nector.io): coins, quoted by the bill's amount, over the merchant API and the checkout webhook."""
