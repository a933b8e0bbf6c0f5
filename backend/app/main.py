"""Wiring only."""

import gc
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI

from app.api.bodies import BodyRules
from app.api.downloads import Spool
from app.api.errors import install_error_handlers
from app.api.health import router as health_router
from app.api.middleware import RequestMiddleware
from app.api.openapi import DescribedApi, describe
from app.api.pictures import PictureDesk
from app.api.slots import Slots
from app.api.v1.api import router as v1_router
from app.api.web_pages import WebPages
from app.core.config import Settings, get_settings
from app.core.logging import configure_logging
from app.core.resources import Resources
from app.services.practice_caches import PracticeCaches
from app.services.semantic_tools import SemanticTools

SPARE_THREADS = 2


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    resources: Resources = app.state.resources
    # A thread for every request that holds a connection, and spare ones for what needs none.
    threads = resources.settings.database.pool_size + SPARE_THREADS
    anyio.to_thread.current_default_thread_limiter().total_tokens = threads
    _prepare_routes(app)
    # What is loaded by now stays: the collector need not look through it again and again.
    gc.freeze()
    yield
    app.state.step_threads.shutdown()
    app.state.caches.close()
    resources.close()


def _prepare_routes(app: FastAPI) -> None:
    """FastAPI builds the validators of included routes when it first tries them: now, so that nobody waits for it."""
    nowhere = {"type": "http", "method": "GET", "path": "/nowhere", "root_path": "", "headers": []}
    for route in app.router.routes:
        route.matches(nowhere)


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or get_settings()
    configure_logging(settings.log_level)
    # A redirect to the address without a slash would lead to whatever host the request named.
    app = DescribedApi(title="Studium", version="0.1.0", lifespan=_lifespan, redirect_slashes=False, **describe())
    app.state.resources = Resources.open(settings)
    app.state.slots = Slots(settings.database.pool_size, settings.database.pool_timeout_s)
    app.state.spool = Spool()
    app.state.pictures = PictureDesk()
    app.state.step_threads = ThreadPoolExecutor(settings.database.pool_size, thread_name_prefix="step")
    app.state.caches = PracticeCaches.open(app.state.resources)
    app.state.semantic = SemanticTools.open(app.state.resources)
    install_error_handlers(app)
    app.include_router(v1_router)
    app.include_router(health_router)
    bodies = BodyRules(app, settings)
    app.add_middleware(RequestMiddleware, bodies=bodies, trusted_proxies=settings.web.trusted_proxies)
    if settings.web.pages_directory is not None:
        app.router.default = WebPages(settings.web.pages_directory, app.router.default)
    return app
