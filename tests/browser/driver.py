"""A real JupyterLab or Notebook 7 in headless Chromium: private folders, a free port, ended by pid."""

import contextlib
import itertools
import json
import os
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
APPS = {
    "lab": ("jupyterlab", "LabApp"),
    "notebook": ("notebook", "JupyterNotebookApp"),
    "together": ("jupyterlab", "LabApp"),  # with jupyter-collaboration
}
SHOWN = "window.jupyterapp.shell.currentWidget"


def chromium():
    """The browser's path; it is installed where that can be done."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found is None and shutil.which("apt-get") and os.geteuid() == 0:
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        found = shutil.which("chromium")
    return found


def notebook(path, sources):
    """Write a notebook of code cells."""
    cells = [
        {"cell_type": "code", "id": f"cell-{n}", "metadata": {}, "source": s, "execution_count": None, "outputs": []}
        for n, s in enumerate(sources, 1)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    document = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(document, indent=1) + "\n")
    return path


class Server:
    """One Jupyter server on a folder."""

    def __init__(self, root, kind="lab"):
        self.root, self.kind = Path(root), kind
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        try:
            home = Path(self._stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
            with socket.socket() as s:
                s.bind(("127.0.0.1", 0))
                port = s.getsockname()[1]
            self.token, self.url = secrets.token_hex(16), f"http://127.0.0.1:{port}"
            env = os.environ | {"PYTHONPATH": str(ROOT), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
            folders = {
                "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime",
                "IPYTHONDIR": "ipython", "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "spaces",
            }  # fmt: skip
            for variable, folder in folders.items():
                (home / folder).mkdir()
                env[variable] = str(home / folder)
            self.settings = home / "settings"
            self.setting("@jupyterlab/apputils-extension:notification", {"fetchNews": "false"})
            module, app = APPS[self.kind]
            self.log, self._env = home / "log", env
            self._command = [
                sys.executable, "-m", module, "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
                f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={self.token}",
                f"--ServerApp.root_dir={self.root}", f"--{app}.expose_app_in_browser=True",
                f"--YDocExtension.disable_rtc={self.kind != 'together'}",
            ]  # fmt: skip
            self.start()
            self._stack.callback(self._end)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_):
        self._stack.close()

    def start(self):
        """Start the server; after `kill` it is the same one again."""
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                self._command,
                env=self._env,
                cwd=self.root,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait()

    def kill(self):
        """End the server as a crash does; its kernels end with it."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def setting(self, plugin, value):
        """One of JupyterLab's settings, before a page is opened."""
        package, name = plugin.split(":")
        path = self.settings / package / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value))

    def api(self, path, method="GET"):
        """One request to the server."""
        request = urllib.request.Request(
            f"{self.url}/{path}", method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def _wait(self):
        end = time.monotonic() + 90
        while True:
            try:
                return self.api("api/status")
            except (OSError, urllib.error.URLError):
                if self.process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"the server did not start:\n{self.log.read_text()[-2000:]}") from None
                time.sleep(0.2)

    def end_kernels(self):
        """Shut every kernel down: the next page starts with a fresh one."""
        for session in self.api("api/sessions"):
            self.api(f"api/sessions/{session['id']}", method="DELETE")

    def _end(self):
        with contextlib.suppress(Exception):
            self.end_kernels()
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if self.process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, sign)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(10)


class Browser:
    """One Chromium; pages are opened in windows of their own."""

    def __enter__(self):
        self._play = sync_playwright().start()
        self._chromium = self._play.chromium.launch(executable_path=chromium(), headless=True, args=FLAGS)
        return self

    def __exit__(self, *_):
        self._chromium.close()
        self._play.stop()

    def open(self, server, path, *, size=(1280, 900), kernel=True):
        """A page on a notebook, ready when its kernel is idle."""
        page = Page(self._chromium.new_context(viewport={"width": size[0], "height": size[1]}), server, path)
        page.load(kernel=kernel)
        return page


class Page:
    """A notebook in a browser window."""

    def __init__(self, context, server, path):
        self.context, self.server, self.path = context, server, Path(path)
        self.page = context.new_page()
        self.page.set_default_timeout(30_000)
        self.console, self.comms = [], []
        self.page.on("console", lambda m: self.console.append(f"{m.type}: {m.text}"))
        self.page.on("pageerror", lambda e: self.console.append(f"pageerror: {e}"))
        self.page.on("websocket", self._watch)

    def _watch(self, socket_):
        if "/api/kernels/" in socket_.url:
            socket_.on("framereceived", lambda data: self.comms.append((time.monotonic(), *_decoded(data))))

    def load(self, *, kernel=True):
        """Load, or load again."""
        lab = APPS[self.server.kind][0] == "jupyterlab"
        where = "lab/tree" if lab else "notebooks"
        name = quote(self.path.relative_to(self.server.root).as_posix())
        reset = "reset&" if lab else ""
        self.page.goto(f"{self.server.url}/{where}/{name}?{reset}token={self.server.token}")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
        ready = f"""(kernel) => {{ const w = {SHOWN}, s = w?.sessionContext;
            if (!s || !w.context?.isReady) return false;
            return !kernel || (s.isReady && !s.hasNoKernel && s.session.kernel.status === 'idle'); }}"""
        self.page.wait_for_function(ready, arg=kernel, timeout=90_000)

    def js(self, code, argument=None):
        """Run JavaScript with `app`, `shown` and `arg` bound."""
        return self.page.evaluate(
            f"async (arg) => {{ const app = window.jupyterapp, shown = {SHOWN}; {code} }}", argument
        )

    def run_all(self, *, wait=True):
        """Run every cell."""
        self.js(
            "window.__run = 0; app.commands.execute('notebook:run-all-cells').finally(() => { window.__run = 1; });"
        )
        if wait:
            self.page.wait_for_function("() => window.__run === 1", timeout=120_000)
            self.idle()

    def run_cell(self, index):
        """Run one cell, by its position from 0."""
        self.js("shown.content.activeCellIndex = arg; await app.commands.execute('notebook:run-cell');", index)
        self.idle()

    def idle(self):
        """Wait until the kernel has nothing to do."""
        self.page.wait_for_function(f"() => {SHOWN}.sessionContext.session?.kernel?.status === 'idle'", timeout=120_000)

    def restart(self):
        """Restart the kernel."""
        self.js("await shown.sessionContext.session.kernel.restart();")
        self.page.wait_for_timeout(300)
        self.idle()

    def save(self):
        """Ctrl+S."""
        self.page.keyboard.press("Control+s")
        self.page.wait_for_function(f"() => !{SHOWN}.context.model.dirty")

    def disk(self):
        """The file as it lies on the disk."""
        return json.loads(self.path.read_text())

    def find(self, selector):
        """In the panel."""
        return self.page.locator(f".mlr-panel {selector}")

    def text(self):
        """What the panel shows."""
        return self.page.locator(".mlr-panel").last.inner_text()

    def shot(self, path):
        """The panel as a picture."""
        self.page.locator(".mlr-panel").last.screenshot(path=str(path))
        return path

    def close(self):
        """Close the window."""
        self.context.close()


def _decoded(data):
    """(channel, type, size) of a frame of the kernel's socket."""
    try:
        if isinstance(data, str):
            message = json.loads(data)
            return message.get("channel"), message["header"]["msg_type"], len(data)
        count = struct.unpack_from("<Q", data)[0]
        at = struct.unpack_from(f"<{count}Q", data, 8)
        parts = [data[a:b] for a, b in itertools.pairwise(at)]
        return parts[0].decode(), json.loads(parts[1])["msg_type"], len(data)
    except (ValueError, KeyError, struct.error):
        return None, "other", len(data)
