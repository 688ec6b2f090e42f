"""Dated, cited figures of the kernel as YAML: what an official may change without a programmer."""

from functools import cache
from importlib.resources import files

import yaml


@cache
def read(name: str) -> object:
    """Parse `<name>.yaml` of this folder, once per process.

    The cached value is shared: callers validate it into frozen models and never change it.
    Raises FileNotFoundError for an unknown name and yaml.YAMLError for a broken file.
    """
    return yaml.safe_load(files(__name__).joinpath(f"{name}.yaml").read_text("utf-8"))
