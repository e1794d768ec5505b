"""Encryption: where processes hand what they say to OpenSSL or to Go, so that it is read before it is encrypted."""
