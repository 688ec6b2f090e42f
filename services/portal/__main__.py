"""Run the portal: `python -m services.portal`."""

import uvicorn
import uvloop

from services.portal.app import app, pages
from shared.host.app import Process
from shared.host.logs import configure
from shared.host.settings import Settings


async def serve(settings: Settings) -> None:
    """Like the other services, with the pages mounted below health and operations."""
    process = Process.of(app, {}, settings)
    await process.start()
    http = process.http()
    http.mount("/", await pages(process.engine, settings.issuer))
    config = uvicorn.Config(
        http, host=settings.host, port=settings.port, log_config=None, access_log=False, http="httptools",
        server_header=False, timeout_graceful_shutdown=5,
    )  # fmt: skip
    try:
        await uvicorn.Server(config).serve()
    finally:
        await process.stop()


def main() -> None:
    """Until SIGTERM or SIGINT."""
    settings = Settings.load()
    configure(app.service.name, settings.instance, settings.log_level)
    uvloop.run(serve(settings))


main()
