"""A browser without a screen, for tests of what the script of a report does."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.webelement import WebElement

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--no-default-browser-check", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip

#: Contrast of every text of the page with what is behind it: [ratio, size, element, text].
CONTRAST = """
const rgb = (css) => { const m = css.match(/[\\d.]+/g).map(Number);
  return m.length < 4 ? [...m, 1] : m; };
const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3]));
const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255;
  return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
  return .2126 * r + .7152 * g + .0722 * b; };
const behind = (e) => { const stack = [];
  for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c[3] > 0) stack.push(c); if (c[3] === 1) break; }
  return stack.reverse().reduce((under, top) => over(top, under), [255, 255, 255]); };
const out = [];
for (const e of document.querySelectorAll("body *")) {
  if (e.closest("svg, script, style") || !e.getClientRects().length) continue;
  const own = [...e.childNodes].filter((n) => n.nodeType === 3 && n.data.trim());
  if (!own.length) continue;
  const style = getComputedStyle(e), back = behind(e), ink = over(rgb(style.color), back);
  const [a, b] = [light(ink), light(back)].sort((x, y) => y - x);
  out.push([(a + .05) / (b + .05), parseFloat(style.fontSize),
    e.tagName + "." + e.className, own[0].data.trim().slice(0, 40)]);
}
return out;
"""


def installed() -> tuple[str, str] | None:
    """Return the browser and its driver, where both are there."""
    browser = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    return None if browser is None or driver is None else (browser, driver)


class Browser:
    """A browser that shows files."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def show(self, file: Path, width: int = 1200, height: int = 900, **features: str) -> None:
        """Show a file in a window; features are of media, such as ``prefers_color_scheme``."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        asked = [{"name": k.replace("_", "-"), "value": v} for k, v in features.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": asked})
        self.driver.get_log("performance")
        self.driver.get_log("browser")
        self.driver.get(file.as_uri())

    def script(self, on: bool) -> None:
        """Let pages run scripts, or not."""
        value = {"value": not on}
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", value)

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element("css selector", selector)

    def ask(self, code: str, *arguments: object) -> Any:
        return self.driver.execute_script(code, *arguments)

    def frame(self) -> None:
        """Wait until what was asked for is drawn."""
        self.driver.execute_async_script(
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done));"
        )

    def window(self) -> tuple[int, int]:
        """Return what the first timeline shows, in microseconds."""
        self.frame()
        data = self.ask("return {...document.querySelector('.live').dataset}")
        return int(data["begin"]), int(data["end"])

    def mouse(self, kind: str, x: float, y: float, **more: object) -> None:
        """Do something with the mouse at a point of the window."""
        event = {"type": kind, "x": x, "y": y, **more}
        self.driver.execute_cdp_cmd("Input.dispatchMouseEvent", event)

    def complaints(self) -> list[str]:
        """Return what the page has complained of since it was shown."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """Return the addresses that were asked for since the page was shown."""
        entries = [json.loads(e["message"])["message"] for e in self.driver.get_log("performance")]
        sent = [e for e in entries if e["method"] == "Network.requestWillBeSent"]
        return [e["params"]["request"]["url"] for e in sent]


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """Start a browser whose profile is in a folder; end it afterwards."""
    there = installed()
    assert there is not None
    options = Options()
    options.binary_location = there[0]
    for flag in (*_QUIET, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(there[1]))
    driver.set_script_timeout(20)
    try:
        yield Browser(driver)
    finally:
        driver.quit()
