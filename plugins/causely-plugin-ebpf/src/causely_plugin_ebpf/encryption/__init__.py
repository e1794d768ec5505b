"""Encryption: where processes hand what they say to OpenSSL, so that it is read before it is encrypted."""
