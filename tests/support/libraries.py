"""Imported for what the services import: afterwards their libraries are there, and they themselves are not."""

import importlib
import sys

from deploy.local.processes import SERVICES

for _name in SERVICES:
    importlib.import_module(f"services.{_name}.app")
for _name in [name for name in sys.modules if name.partition(".")[0] == "services"]:
    del sys.modules[_name]
