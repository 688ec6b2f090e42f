"""The OpenAPI of each service, from its routes."""

import importlib
from importlib.resources import files
from typing import Any, NoReturn

import yaml
from fastapi import FastAPI

from deploy.local.layout import ROOT
from shared.host.app import App
from shared.host.audit import Histories
from shared.host.http import make_http
from shared.host.settings import Settings
from shared.runtime.progress import Progress

SERVICES = ("registry", "proposal", "evaluation", "approval", "notification")
"""The services with an API; the portal has pages, the command line is a client."""
FOLDER = ROOT / "docs" / "openapi"


class _Absent:
    """Stands where a running service has its engine: describing an app must not ask for anything of it."""

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a description needs no {name}")


def app_of(service: str) -> App:
    """The app as `services/<service>/app.py` names it."""
    app: App = importlib.import_module(f"services.{service}.app").app
    return app


def http_of(service: str) -> FastAPI:
    """The HTTP side of a service that is connected to nothing."""
    app = app_of(service)
    texts = yaml.safe_load(files(f"services.{service}").joinpath("texts.yaml").read_text("utf-8"))
    settings = Settings.model_validate(
        {"kafka": "-", "mongo": "-", "port": 1, "issuer": "-", "jwks_url": "http://127.0.0.1/jwks"}
    )
    absent: Any = _Absent()
    more = {"progress": Progress(), "ops": absent, "histories": Histories((), absent), "open_routers": app.open_routers}
    return make_http(app.service, app.routers, absent, settings, texts, **more)


def documents() -> dict[Any, Any]:
    """All of them by file."""
    return {FOLDER / f"{service}.json": http_of(service).openapi() for service in SERVICES}
