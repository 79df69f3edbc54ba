"""A real browser on a real server; skipped where Chromium or Playwright is missing."""

import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

Visit = Callable[..., "Page"]
Axe = Callable[["Page"], list[str]]


# Not of the session: while Playwright runs, its event loop stands in the way of others.
@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Return headless Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: "Browser", server: str) -> Iterator[Visit]:
    """Return what opens an address of the server as a new reader, without storage or history.

    At the end no request may have left the server's origin, no script may have failed, and nothing
    may have been blocked by the pages' Content-Security-Policy.
    """
    contexts: list[BrowserContext] = []
    outside: list[str] = []
    faults: list[str] = []

    def opened(
        address: str, *, width: int = 1280, dark: bool = False, script: bool = True
    ) -> "Page":
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        own = (f"{server}/", "data:", f"blob:{server}/")
        page.on("request", lambda r: None if r.url.startswith(own) else outside.append(r.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
        page.goto(f"{server}{address}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert outside == []
    # An answer of 4xx to a query is told by the page, and by the browser on its console.
    assert [fault for fault in faults if "status of 4" not in fault] == []


@pytest.fixture(scope="session")
def axe() -> Axe:
    """Return what lists the faults of accessibility that axe-core finds on a page.

    Beside the rules of WCAG 2.0 and 2.1 that axe-core applies unasked, its rule of WCAG 2.2 AA:
    targets of at least 24 by 24 CSS pixels (2.5.8).
    """
    module = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )

    def violations(page: "Page") -> list[str]:
        options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
        found = module.Axe().run(page, options=options).response["violations"]
        return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]

    return violations
