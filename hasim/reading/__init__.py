"""Logs of the real daemon: read, merged, and made into a trace."""
