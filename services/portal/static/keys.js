// Single keys at the desk. Only who turned them on is sent this file (WCAG 2.2, success criterion 2.1.4).
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("textarea, select, input:not([type=radio]):not([type=checkbox])");
  if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
  const rows = [...document.querySelectorAll("[data-row]")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const step = { j: 1, k: -1 }[event.key];
  if (step && rows.length) {
    rows[Math.min(Math.max(at + step, 0), rows.length - 1)].querySelector("a").focus();
  } else if (event.key === "x" && at >= 0) {
    rows[at].querySelector("input[type=checkbox]")?.click();
  } else {
    const meant = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!meant) return;
    meant.focus();
    if (meant.type === "radio") meant.click();
  }
  event.preventDefault();
});
