"""Verify a source: at most five requests, as gentle as a harvest's, that tell whether it is what its file says."""
