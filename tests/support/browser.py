# Licensed under the Apache License, Version 2.0 (the "License"); you may
# not use this file except in compliance with the License. You may obtain
# a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
# WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
# License for the specific language governing permissions and limitations
# under the License.

"""Chromium, driven by selenium, as the tests of the site need it.

Whatever is missing fails the tests with a sentence that says what to install.
The browser reaches nothing but this machine.
"""

from __future__ import annotations

import base64
import functools
import http.server
import importlib.metadata
import os
import pathlib
import shutil
import tempfile
import threading
from collections.abc import Iterator
from typing import Any, Literal

import fixtures
from selenium import webdriver
from selenium.webdriver.chrome import service
from selenium.webdriver.support import wait

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / 'screenshots'
"""Where they are left for people; git ignores it."""

SECONDS = 30.0
"""Longest wait for a script in a page, or for its styles, in seconds."""

POLL = 0.02
"""Between two looks at a page that is waited for, in seconds."""

Theme = Literal['light', 'dark']

WIDE = (1280, 900)
PHONE = (360, 740)
"""Width and height in CSS pixels."""

_AXE = ('axe-playwright-python', 'axe_playwright_python/axe.min.js')
_STYLED = (
    "Array.from(document.querySelectorAll('link[rel=stylesheet]'))"
    '.every((each) => each.sheet !== null)'
)
_PROGRAMS = {
    'chromium': ('chromium', 'chromium-browser'),
    'chromium-driver': ('chromedriver',),
}
"""Packages of Debian, and what their programs are called."""


class Browser:
    """One Chromium; the tests of a class share it."""

    def __init__(self) -> None:
        chromium, driver = map(_program, _PROGRAMS)
        self._home = tempfile.mkdtemp(prefix='osp-')
        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        for argument in (
            '--headless=new',
            '--disable-gpu',
            '--disable-dev-shm-usage',
            '--disable-background-networking',
            '--disable-component-update',
            '--no-default-browser-check',
            '--no-first-run',
            '--no-proxy-server',
            '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
            '--lang=en',
            '--force-device-scale-factor=1',
            # A test is not to wait for what moves.
            '--force-prefers-reduced-motion',
        ):
            options.add_argument(argument)
        if os.geteuid() == 0:
            # Chromium's sandbox refuses root, whom containers often are.
            options.add_argument('--no-sandbox')
        options.set_capability('goog:loggingPrefs', {'browser': 'ALL'})
        self.driver = webdriver.Chrome(
            options,
            service.Service(
                driver, env={**os.environ, 'HOME': self._home, 'LC_ALL': 'C'}
            ),
        )
        self.driver.set_script_timeout(SECONDS)

    def quit(self) -> None:
        """End it, and remove what it left."""
        self.driver.quit()
        shutil.rmtree(self._home, ignore_errors=True)

    def look(
        self,
        theme: Theme = 'light',
        size: tuple[int, int] = WIDE,
        *,
        scripts: bool = True,
    ) -> None:
        """Set what the next page is looked at with."""
        self._command(
            'Emulation.setEmulatedMedia',
            features=[{'name': 'prefers-color-scheme', 'value': theme}],
        )
        self._command(
            'Emulation.setDeviceMetricsOverride',
            width=size[0],
            height=size[1],
            deviceScaleFactor=1,
            mobile=size == PHONE,
        )
        self.run_scripts(scripts)

    def run_scripts(self, value: bool) -> None:
        """Say whether pages may run their scripts from now on."""
        self._command('Emulation.setScriptExecutionDisabled', value=not value)

    def open(self, url: str) -> None:
        """Open a page, with nothing left of what the last one said."""
        self.said()
        self.driver.get(url)
        # On a busy machine Chromium 150 was back before a style applied.
        wait.WebDriverWait(self.driver, SECONDS, POLL).until(
            lambda _: self.value(_STYLED)
        )

    def said(self) -> list[str]:
        """Return what pages wrote to the console since the last call."""
        entries = self.driver.get_log('browser')  # type: ignore[no-untyped-call]
        return [entry['message'] for entry in entries]

    def value(self, expression: str, *arguments: object) -> Any:
        """Return what an expression is in the page."""
        return self.driver.execute_script(f'return {expression}', *arguments)

    def violations(self) -> list[str]:
        """Return what axe-core finds wrong with the accessibility."""
        self.driver.execute_script(_axe())
        found = self.driver.execute_async_script(
            'const done = arguments[0];'
            'axe.run(document).then((results) => done(results.violations))'
        )
        return [
            f'{violation["id"]}: {violation["help"]}: {node["html"]}'
            for violation in found
            for node in violation['nodes']
        ]

    def screenshot(self, name: str) -> None:
        """Leave a picture of the whole page."""
        SCREENSHOTS.mkdir(exist_ok=True)
        picture = self._command(
            'Page.captureScreenshot', captureBeyondViewport=True
        )
        path = SCREENSHOTS / f'{name}.png'
        path.write_bytes(base64.b64decode(picture['data']))

    def _command(self, name: str, **parameters: object) -> Any:
        return self.driver.execute_cdp_cmd(name, parameters)


class Server(fixtures.Fixture):
    """A plain web server on loopback, as any that a site may be put on."""

    def __init__(self, directory: str) -> None:
        super().__init__()
        self._directory = directory

    def _setUp(self) -> None:
        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_message(
                self,
                format: str,  # noqa: A002  the base's name
                *args: object,
            ) -> None:
                """Say nothing."""

        server = http.server.ThreadingHTTPServer(
            ('127.0.0.1', 0),
            functools.partial(Handler, directory=self._directory),
        )
        self.url = f'http://127.0.0.1:{server.server_address[1]}'
        thread = threading.Thread(
            target=server.serve_forever, args=(0.01,), daemon=True
        )
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)


def _program(package: str) -> str:
    """Return where a program of a package is.

    :raises AssertionError: it is not installed
    """
    for name in _PROGRAMS[package]:
        found = shutil.which(name)
        if found is not None:
            return found
    raise AssertionError(
        f'{_PROGRAMS[package][0]} is not installed, and the tests of the '
        f'site need it (Debian: apt-get install {package})'
    )


@functools.cache
def _axe() -> str:
    """Return axe-core, as a package of PyPI carries it.

    :raises AssertionError: it is not installed
    """
    name, path = _AXE
    try:
        carrier = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError as error:
        raise AssertionError(
            'axe-core is not installed: run "tox -e browser", or '
            f'pip install --no-deps {name}'
        ) from error
    return pathlib.Path(str(carrier.locate_file(path))).read_text('utf-8')


def looks() -> Iterator[tuple[str, Theme, tuple[int, int]]]:
    """Yield every way in which a page is looked at, with its name."""
    themes: tuple[Theme, ...] = ('light', 'dark')
    for theme in themes:
        yield f'wide-{theme}', theme, WIDE
        yield f'phone-{theme}', theme, PHONE
