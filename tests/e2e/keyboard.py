"""What somebody does at the portal who has a keyboard and nothing else."""

from playwright.sync_api import Page


def tab_to(page: Page, name: str) -> None:
    """Go on with the Tab key until the focus is on what is called so."""
    named = """(name) => { const at = document.activeElement, labels = [...(at.labels || [])];
      const said = labels.length ? labels.map((label) => label.innerText).join(" ") : at.innerText;
      return at !== document.body && said.includes(name); }"""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(named, name):
            return
    raise AssertionError(f"the Tab key never came to {name!r} on {page.url}")


def press(page: Page, name: str) -> None:
    """A link or button that leads to a page, perhaps the same one."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, mark: str) -> None:
    """The vacancy of that marker, with the arrow keys."""
    tab_to(page, "Lowongan yang dituju")
    chosen = "document.activeElement.selectedOptions[0].text"
    for _ in range(page.locator("#vacancy option").count()):
        if mark in page.evaluate(chosen):
            return
        page.keyboard.press("ArrowDown")
    assert mark in page.evaluate(chosen)


def tick(page: Page, name: str) -> None:
    """A box, with the space bar."""
    tab_to(page, name)
    page.keyboard.press("Space")


def write(page: Page, name: str, text: str) -> None:
    """Into a field."""
    tab_to(page, name)
    page.keyboard.type(text)
