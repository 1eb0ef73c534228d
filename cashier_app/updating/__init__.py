"""New versions from an address whose word is checked: signed by The Update Framework (TUF), see ADR 0057."""
