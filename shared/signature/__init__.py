"""Is a signed PDF what it says it is? For whoever holds one: services, the portal's visitors, the command line."""

from shared.signature.check import LARGEST, Finding, check, roots_in

__all__ = ["LARGEST", "Finding", "check", "roots_in"]
