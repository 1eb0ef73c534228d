"""Documents from outside, read into the domain's values and written out of them."""
