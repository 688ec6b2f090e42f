"""What a page must keep for people who cannot see it well, or use no mouse: looked up in the browser itself."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE, _RULES = Axe(), {"rules": {"target-size": {"enabled": True}}}

_LOOK = r"""
() => {
  const faults = [];
  const visible = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && getComputedStyle(element).visibility !== "hidden" && box.right > 0;
  };
  const parse = (text) => {
    const parts = text.match(/[\d.]+/g).map(Number);
    return { r: parts[0], g: parts[1], b: parts[2], a: parts.length > 3 ? parts[3] : 1 };
  };
  const luminance = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.a === 1) return colour;
    }
    return { r: 255, g: 255, b: 255 };
  };
  const name = (element) => `${element.tagName.toLowerCase()} "${element.textContent.trim().slice(0, 40)}"`;
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !visible(element)) continue;
    const style = getComputedStyle(element);
    const [a, b] = [luminance(parse(style.color)), luminance(ground(element))].sort((x, y) => y - x);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (large ? 3 : 4.5)) faults.push(`contrast ${ratio.toFixed(2)} of ${name(element)}`);
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (!field.labels.length) faults.push(`no label: ${field.name}`);
  }
  for (const target of document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea")) {
    if (!visible(target) || target.closest("p, li, td, dd, h2")?.tagName === "P") continue;
    const box = target.getBoundingClientRect();
    const size = `${box.width.toFixed(1)}x${box.height.toFixed(1)}`;
    if (box.height < 24 || box.width < 24) faults.push(`target ${size}: ${name(target)}`);
  }
  const headings = [...document.querySelectorAll("h1, h2, h3, h4")].filter((h) => !h.closest("[role=alert], .banner"));
  const levels = headings.map((h) => Number(h.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) faults.push("not exactly one h1");
  levels.forEach((level, place) => {
    if (place && level > levels[place - 1] + 1) faults.push(`heading level jumps to ${level}`);
  });
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  ids.filter((id, place) => ids.indexOf(id) !== place).forEach((id) => faults.push(`id twice: ${id}`));
  for (const element of document.querySelectorAll("[aria-describedby], [aria-labelledby]")) {
    const named = `${element.getAttribute("aria-describedby") || ""} ${element.getAttribute("aria-labelledby") || ""}`;
    for (const id of named.split(/\s+/).filter(Boolean)) {
      if (!document.getElementById(id)) faults.push(`names no element: ${id}`);
    }
  }
  for (const needed of ["main", "header", "footer", "html[lang]", "title", "a.skip"]) {
    if (!document.querySelector(needed)) faults.push(`without ${needed}`);
  }
  const wide = document.documentElement.scrollWidth;
  if (wide > window.innerWidth) faults.push(`scrolls sideways: ${wide}`);
  if (document.querySelector("script:not([src]), [style], style, [onclick]")) faults.push("inline script or style");
  return faults;
}
"""


def look(page: Page) -> list[str]:
    """Contrast, labels, target sizes, headings, ids, landmarks, sideways scrolling, at the size that the page has."""
    found: list[str] = page.evaluate(_LOOK)
    return found


def violations(page: Page) -> list[str]:
    """What axe-core finds: its rules for WCAG 2.2 A and AA and its best practices, each with the first place."""
    found = _AXE.run(page, options=_RULES).response["violations"]
    return [f"axe {one['id']} ({len(one['nodes'])}): {one['nodes'][0]['target']}" for one in found]


def faults_of(page: Page) -> list[str]:
    """All of it at the size that the page has."""
    return [*look(page), *focus(page), *violations(page)]


def focus(page: Page) -> list[str]:
    """The keyboard comes to the skip link first, or begins at what is said of a form that was sent; and a focus can be
    seen. Asked once of a page, as it was opened."""
    found: list[str] = []
    wanted = page.evaluate("document.querySelector('[autofocus]')?.className || 'skip'")
    if wanted == "skip":
        page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.className")
    if first != wanted:
        found.append(f"the first stop of the keyboard is not {wanted!r} but {first!r}")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    return found if outline == "3px" else [*found, f"focus is not visible: {outline}"]
