"""What an installation needs, looked at from outside: the answer of the doctor."""
