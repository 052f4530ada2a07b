"""One browser for all, one server for each front end."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def _module(name):
    """A module of this folder, under a name that the tests can import: they are no package."""
    spec = importlib.util.spec_from_file_location(f"mlready_browser_{name}", HERE / f"{name}.py")
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


driver, story = _module("driver"), _module("story")


def pytest_collection_modifyitems(items):
    """Every test in this folder drives a browser."""
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium; never skipped in CI."""
    if driver.chromium() is None:
        why = "no Chromium: apt-get install -y chromium, or set CHROMIUM=/path/to/it"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    with driver.Browser() as started:
        yield started


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    """Front end -> a running server, started when first asked for."""
    started = {}

    def server(kind, **settings):
        key = (kind, *sorted(settings))
        if key not in started:
            new = driver.Server(tmp_path_factory.mktemp(kind), kind)
            started[key] = new.__enter__()
            for plugin, value in settings.items():
                new.setting(plugin, value)
        return started[key]

    yield server
    for one in started.values():
        one.__exit__()


@pytest.fixture
def opened(browser, servers):
    """Open a notebook of these cells: `opened("lab", "name", [sources])`."""
    pages = []

    def open_(kind, name, sources, **more):
        server = servers(kind)
        path = driver.notebook(server.root / f"{name}.ipynb", sources)
        page = browser.open(server, path, **more)
        pages.append(page)
        return page

    yield open_
    for page in pages:
        page.close()
        page.server.end_kernels()
