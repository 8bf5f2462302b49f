"""A report in a browser: its timeline can be zoomed and is in step with the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("selenium", reason="selenium is not installed")

from hasim.model import Model
from hasim.run import Run
from hasim.search import Hits, Matrix
from tests.report.browser import CONTRAST, Browser, browser, installed

pytestmark = pytest.mark.skipif(
    installed() is None, reason="no chromium with chromedriver is installed"
)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser, the same for all tests of this file."""
    with browser(tmp_path_factory.mktemp("profile")) as made:
        yield made


@pytest.fixture(scope="module")
def report(heal: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return heal.report(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def others(hits: Hits, matrix: Matrix, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The reports of a search and of a matrix."""
    return {
        "search": hits.report(tmp_path_factory.mktemp("search")),
        "matrix": matrix.report(tmp_path_factory.mktemp("matrix")),
    }


def middle(shown: Browser, selector: str, right: float = 0.6, down: float = 0.5) -> tuple[int, int]:
    """Return a point within an element, scrolled into view."""
    element = shown.find(selector)
    shown.ask("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
    box = shown.ask("return arguments[0].getBoundingClientRect().toJSON()", element)
    return round(box["left"] + right * box["width"]), round(box["top"] + down * box["height"])


def bar_at(shown: Browser, label: str) -> tuple[int, int]:
    """Return a point on the row with a label, in the middle of what is shown of time."""
    box = shown.ask(
        "const t = [...document.querySelectorAll('.picture text')].find("
        "  (e) => e.textContent === arguments[0]);"
        "t.scrollIntoView({block: 'center', behavior: 'instant'});"
        "const a = t.getBoundingClientRect(), b = t.closest('svg').getBoundingClientRect();"
        "return [b.left + b.width * .45, a.top + a.height / 2]",
        label,
    )
    return round(box[0]), round(box[1])


# ---- quiet --------------------------------------------------------------------------------------


def test_it_is_shown_without_a_complaint_and_asks_for_nothing(
    shown: Browser, report: Path, others: dict[str, Path]
) -> None:
    for file in (report, *others.values()):
        shown.show(file)
        shown.frame()
        x, y = middle(shown, "main", down=0.01)
        shown.mouse("mouseMoved", x, y)
        assert shown.complaints() == []
        assert shown.requests() == [file.as_uri()]


def test_the_policy_stops_what_is_not_its_own(shown: Browser, report: Path) -> None:
    shown.show(report)
    shown.ask(
        "const s = document.createElement('script'); s.textContent = 'window.boom = 1';"
        "document.body.append(s);"
        "const i = new Image(); i.src = 'https://example.invalid/a.png'; document.body.append(i);"
    )
    shown.frame()
    assert shown.ask("return window.boom === undefined")
    assert len([c for c in shown.complaints() if "Content Security Policy" in c]) == 2


# ---- the timeline -------------------------------------------------------------------------------


def test_pointing_at_a_bar_tells_what_it_is_and_lights_the_line_nearest_in_time(
    shown: Browser, report: Path
) -> None:
    shown.show(report)
    shown.frame()
    assert not shown.find("body > .tooltip").is_displayed()
    x, y = bar_at(shown, "/webdata")
    shown.mouse("mouseMoved", x, y)
    shown.frame()
    tip = shown.find("body > .tooltip")
    assert tip.is_displayed()
    at, what = tip.text.split("\n")
    assert what == "node1: mount /webdata mounted, from 15s432ms to 7m5s134ms"
    near = shown.driver.find_elements("css selector", ".log li.near")
    assert len(near) == 1
    assert near[0].get_attribute("aria-current") == "true"
    begin, end = shown.window()
    assert begin < 1_000 * hasim_ms(at) < end
    log = shown.ask(
        "const l = document.querySelector('.log').getBoundingClientRect(),"
        " n = document.querySelector('.near').getBoundingClientRect();"
        "return n.top >= l.top && n.bottom <= l.bottom"
    )
    assert log
    times = shown.ask("return JSON.parse(document.querySelector('script.data').textContent).log")
    index = shown.ask(
        "return [...document.querySelectorAll('.log li')].indexOf(arguments[0])", near[0]
    )
    asked = 1_000 * hasim_ms(at)
    assert abs(times[index] - asked) <= min(abs(t - asked) for t in times) + 1_000


def hasim_ms(text: str) -> int:
    from hasim.units import micros

    return micros(text) // 1_000


def test_moving_away_hides_the_tooltip(shown: Browser, report: Path) -> None:
    shown.show(report)
    shown.frame()
    x, y = bar_at(shown, "/webdata")
    shown.mouse("mouseMoved", x, y)
    shown.frame()
    assert shown.find("body > .tooltip").is_displayed()
    shown.mouse("mouseMoved", 2, 2)
    shown.frame()
    assert not shown.find("body > .tooltip").is_displayed()


def test_the_wheel_zooms_where_it_points_and_a_double_click_resets(
    shown: Browser, report: Path
) -> None:
    shown.show(report)
    first = shown.window()
    x, y = bar_at(shown, "/webdata")
    shown.mouse("mouseWheel", x, y, deltaX=0, deltaY=-240)
    begin, end = shown.window()
    assert first[0] < begin < end < first[1]
    assert end - begin < 0.7 * (first[1] - first[0])
    shown.mouse("mouseWheel", x, y, deltaX=0, deltaY=240)
    again = shown.window()
    assert again == pytest.approx(first, abs=2_000_000)
    shown.mouse("mouseWheel", x, y, deltaX=0, deltaY=-240)
    for count in (1, 2):
        shown.mouse("mousePressed", x, y, button="left", clickCount=count)
        shown.mouse("mouseReleased", x, y, button="left", clickCount=count)
    assert shown.window() == first


def test_a_wheel_turned_out_beyond_the_whole_run_scrolls_the_page(
    shown: Browser, report: Path
) -> None:
    shown.show(report)
    shown.find("[data-do=all]").click()
    shown.frame()
    x, y = bar_at(shown, "/webdata")
    before = shown.ask("return scrollY")
    shown.mouse("mouseWheel", x, y, deltaX=0, deltaY=200)
    shown.driver.execute_async_script("setTimeout(arguments[0], 400)")
    assert shown.ask("return scrollY") > before
    assert shown.window() == (0, 600_000_000)


def test_dragging_moves_the_window_and_keeps_its_length(shown: Browser, report: Path) -> None:
    shown.show(report)
    first = shown.window()
    x, y = bar_at(shown, "/webdata")
    shown.mouse("mouseMoved", x, y)
    shown.mouse("mousePressed", x, y, button="left", buttons=1, clickCount=1)
    shown.mouse("mouseMoved", x + 150, y, button="left", buttons=1)
    shown.mouse("mouseReleased", x + 150, y, button="left", clickCount=1)
    begin, end = shown.window()
    assert begin < first[0]
    assert end - begin == pytest.approx(first[1] - first[0], abs=2)


def test_two_fingers_zoom(shown: Browser, report: Path) -> None:
    shown.show(report)
    first = shown.window()
    x, y = bar_at(shown, "/webdata")

    def touch(kind: str, *xs: int) -> None:
        points = [{"x": x + d, "y": y, "id": i} for i, d in enumerate(xs)]
        event = {"type": kind, "touchPoints": points}
        shown.driver.execute_cdp_cmd("Input.dispatchTouchEvent", event)

    shown.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    try:
        touch("touchStart", -40, 40)
        touch("touchMove", -80, 80)
        touch("touchMove", -120, 120)
        touch("touchEnd")
        begin, end = shown.window()
    finally:
        shown.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})
    assert end - begin == pytest.approx((first[1] - first[0]) / 3, rel=0.1)


def test_buttons_and_keys_zoom_move_and_reset(shown: Browser, report: Path) -> None:
    shown.show(report)
    first = shown.window()
    shown.find("[data-do=in]").click()
    begin, end = shown.window()
    assert end - begin == pytest.approx((first[1] - first[0]) / 2, abs=2)
    shown.find("[data-do=right]").click()
    assert shown.window()[0] > begin
    shown.find("[data-do=all]").click()
    assert shown.window() == (0, 600_000_000)
    shown.find("[data-do=reset]").click()
    assert shown.window() == first
    live = shown.find(".live")
    live.send_keys("+")
    assert shown.window()[1] - shown.window()[0] < first[1] - first[0]
    live.send_keys("\ue014")  # right
    live.send_keys("\ue00c")  # escape
    assert shown.window() == first
    live.send_keys("\ue011")  # home
    assert shown.window() == (0, 600_000_000)


def test_n_and_p_walk_from_line_to_line(shown: Browser, report: Path) -> None:
    shown.show(report)
    shown.frame()
    live = shown.find(".live")
    here = "return [...document.querySelectorAll('.log li')].findIndex((l) => l.matches('.near'))"
    first = shown.ask(here)
    live.send_keys("n")
    live.send_keys("n")
    assert shown.ask(here) == first + 2
    live.send_keys("p")
    assert shown.ask(here) == first + 1
    line = shown.find(".log li.near span").text
    assert line in shown.find(".said").get_attribute("textContent")


def test_a_click_on_a_line_moves_the_cursor_also_to_what_is_not_shown(
    shown: Browser, report: Path
) -> None:
    shown.show(report)
    first = shown.window()
    shown.ask("document.querySelector('.log').scrollTop = 0")
    line = shown.find(".log li:nth-child(3)")
    at = line.find_element("css selector", "b").text
    shown.ask("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", line)
    line.click()
    begin, end = shown.window()
    assert begin <= 1_000 * hasim_ms(at) <= end
    assert begin < first[0]
    flag = shown.find(".cursor-words").text
    assert flag == at
    assert "near" in line.get_attribute("class")


def test_an_instant_in_a_table_shows_it_on_the_timeline(shown: Browser, report: Path) -> None:
    shown.show(report)
    shown.frame()
    button = shown.find("#violations .moment")
    shown.ask("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button)
    told = button.text
    button.click()
    shown.frame()
    assert shown.find(".cursor-words").text == told


def test_the_log_can_be_searched(shown: Browser, report: Path) -> None:
    shown.show(report)
    shown.find(".find").send_keys("declared dead is not said")
    assert shown.find(".matches").text.startswith("0 of ")
    shown.find(".find").clear()
    shown.find(".find").send_keys("is dead")
    lines = [e for e in shown.driver.find_elements("css selector", ".log li") if e.is_displayed()]
    assert lines
    assert all("is dead" in line.text for line in lines)


def test_marks_without_room_are_counted_and_those_with_room_have_their_numbers(
    shown: Browser, model: Model, tmp_path: Path
) -> None:
    crowd = ["1m clock node1 +1s"] * 5
    run = model.run([*crowd, "2m cut node1:eth1 for 10ms"], until="3m")
    shown.show(run.report(tmp_path))
    shown.frame()
    shown.find("[data-do=all]").click()
    shown.frame()
    labels = shown.ask(
        "return [...document.querySelectorAll('.picture .onmark, .picture .onhealed')]"
        ".map((e) => e.textContent)"
    )
    assert labels == ["1", "2", "3×", "6", "6"]


# ---- looks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("what", ["run", "search", "matrix"])
def test_every_text_has_enough_contrast_light_and_dark(
    shown: Browser, report: Path, others: dict[str, Path], what: str, scheme: str
) -> None:
    shown.show({"run": report, **others}[what], prefers_color_scheme=scheme)
    shown.frame()
    shown.ask("for (const d of document.querySelectorAll('details')) d.open = true")
    found = shown.ask(CONTRAST)
    assert len(found) > 50
    assert [one for one in found if one[0] < 4.5] == []
    back = shown.ask("return getComputedStyle(document.body).backgroundColor")
    value = int(back.strip("rgb()").split(",")[0])
    assert (value < 40) == (scheme == "dark")


def test_the_button_turns_the_page_dark_and_light_again_and_pictures_with_it(
    shown: Browser, report: Path
) -> None:
    shown.show(report, prefers_color_scheme="light")
    shown.frame()
    look = (
        "return [document.body, document.querySelector('.topology .quiet')]"
        ".map((e) => getComputedStyle(e)).map((s, i) => i ? s.fill : s.backgroundColor)"
    )
    light = shown.ask(look)
    button = shown.find(".theme")
    assert button.text == "Dark"
    button.click()
    dark = shown.ask(look)
    assert (dark[0] != light[0], dark[1] != light[1]) == (True, True)
    assert button.text == "Light"
    button.click()
    assert shown.ask(look) == light
    shown.show(report, prefers_color_scheme="dark")
    assert shown.ask(look) == dark
    shown.find(".theme").click()
    assert shown.ask(look) == light


@pytest.mark.parametrize("what", ["run", "search", "matrix"])
@pytest.mark.parametrize("width", [360, 768])
def test_a_narrow_window_has_nothing_to_scroll_sideways(
    shown: Browser, report: Path, others: dict[str, Path], what: str, width: int
) -> None:
    shown.show({"run": report, **others}[what], width=width, height=740)
    shown.frame()
    shown.ask("for (const d of document.querySelectorAll('details')) d.open = true")
    wide = shown.ask("return document.documentElement.scrollWidth")
    assert wide <= width


def test_without_scripts_the_timeline_and_the_log_are_there(shown: Browser, report: Path) -> None:
    shown.script(False)
    try:
        shown.show(report)
        assert shown.find(".static svg").is_displayed()
        assert shown.find(".log li").is_displayed()
        assert shown.find("#verdict").is_displayed()
        for hidden in (".live", ".tools", ".theme", ".copy", ".filter"):
            assert not shown.find(hidden).is_displayed()
    finally:
        shown.script(True)


def test_on_paper_the_picture_stands_for_the_timeline_in_light_colours(
    shown: Browser, report: Path
) -> None:
    shown.show(report, prefers_color_scheme="dark")
    shown.frame()
    asked = {"media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    shown.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", asked)
    try:
        assert shown.find(".static svg").is_displayed()
        assert not shown.find(".live").is_displayed()
        assert not shown.find("nav.contents").is_displayed()
        assert shown.ask("return getComputedStyle(document.body).color") == "rgb(27, 27, 27)"
        assert (
            shown.ask("return getComputedStyle(document.querySelector('.log')).maxHeight") == "none"
        )
    finally:
        shown.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


# ---- the matrix ---------------------------------------------------------------------------------


def test_pointing_at_a_cell_of_a_matrix_tells_its_schedule(
    shown: Browser, others: dict[str, Path]
) -> None:
    shown.show(others["matrix"])
    shown.frame()
    x, y = middle(shown, ".outcomes .cell.o-bad")
    shown.mouse("mouseMoved", x, y)
    shown.frame()
    told = shown.find("body > .tooltip").text
    assert "dual mount" in told
    assert "seed 0" in told
    assert any(word in told for word in ("kill", "cut", "power-off"))
    shown.mouse("mouseMoved", 2, 2)
    shown.ask("document.querySelector('.outcomes .cell.o-bad').focus()")
    shown.frame()
    assert shown.find("body > .tooltip").is_displayed()


def test_every_find_of_a_search_has_a_timeline_of_its_own(
    shown: Browser, others: dict[str, Path]
) -> None:
    shown.show(others["search"])
    shown.frame()
    views = shown.driver.find_elements("css selector", ".view")
    assert len(views) == len(shown.driver.find_elements("css selector", ".found li")) > 0
    for view in views:
        before = view.find_element("css selector", ".live").get_attribute("data-begin")
        button = view.find_element("css selector", "[data-do=all]")
        shown.ask("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button)
        button.click()
        shown.frame()
        after = view.find_element("css selector", ".live").get_attribute("data-begin")
        assert (before, after) != (after, before)
        assert after == "0"
