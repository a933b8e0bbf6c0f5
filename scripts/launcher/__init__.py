"""Starts, checks and tests the product; the standard library only, since it runs before anything is installed."""

from .services import Services, services

__all__ = ["Services", "services"]
