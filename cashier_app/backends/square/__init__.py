"""Square Loyalty."""
