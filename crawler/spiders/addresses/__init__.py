"""Addresses that a person names one by one."""
