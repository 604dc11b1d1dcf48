/* Makes the pages quicker to use; every page works without it. */
(() => {
  "use strict";
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const one = (selector) => document.querySelector(selector);
  document.documentElement.classList.add("js");

  // Remember which parts were open, for this tab only.
  for (const part of all("details[data-keep]")) {
    const name = "open:" + part.dataset.keep;
    try {
      if (sessionStorage.getItem(name)) part.open = true;
      part.addEventListener("toggle", () => part.open ? sessionStorage.setItem(name, "1") : sessionStorage.removeItem(name));
    } catch { /* storage may be forbidden */ }
  }

  // Filters: a browser that cannot open them by CSS on a wide screen gets them opened here.
  const wide = matchMedia("(min-width: 60rem)");
  const filters = one("details[data-filters]");
  if (filters && wide.matches && !CSS.supports("selector(::details-content)")) filters.open = true;

  // One address for one view: what is empty is not sent. A tick shows its result at once where the results stand beside it.
  for (const form of all("[data-filter-form], [data-sort-form]")) {
    form.addEventListener("submit", () => {
      for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
    });
    form.addEventListener("change", (event) => {
      const at_once = event.target.tagName === "SELECT" || (wide.matches && event.target.type === "checkbox");
      if (at_once) form.requestSubmit();
    });
  }
  addEventListener("pageshow", () => { for (const field of all("form :disabled")) field.disabled = false; });

  // The hour of daily messages is the reader's own.
  for (const field of all("[data-timezone]")) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";

  // A tick is kept at once, one after the other; where that fails, the form says why.
  const marks = one("form[data-marks]");
  let kept = Promise.resolve();
  addEventListener("change", (event) => {
    if (!marks || event.target.form !== marks) return;
    const body = new URLSearchParams(new FormData(marks));
    kept = kept.then(() => fetch(marks.action + location.search, { method: "POST", body, headers: { Accept: "text/plain" } }))
      .then(async (answer) => { if (answer.ok) marks.querySelector("[data-count]").textContent = await answer.text(); else marks.submit(); })
      .catch(() => marks.submit());
  });

  // #page=41 opens page 41, also where another page is shown.
  const sheet = one("[data-page]");
  const turn_to = () => {
    const wanted = /^#page=([0-9]{1,5})$/.exec(location.hash);
    if (!sheet || !wanted || wanted[1] === sheet.dataset.page) return;
    const address = new URL(location.href);
    address.searchParams.set("page", wanted[1]);
    location.replace(address);
  };
  turn_to();
  addEventListener("hashchange", turn_to);

  for (const button of all("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const words = button.textContent;
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      button.textContent = "✓ " + words;
      setTimeout(() => { button.textContent = words; }, 2000);
    });
  }

  // Keys: / to search, n and p through hits or through pages with the words, arrows through pages.
  const step = (links, by) => {
    if (!links.length) return;
    const active = links.indexOf(document.activeElement);
    const current = active >= 0 ? active : links.findIndex((link) => link.getAttribute("aria-current"));
    const next = links[Math.min(Math.max(current + by, 0), links.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    if (next.matches("[data-with-words]") && next !== links[current]) next.click();
  };
  const follow = (selector) => { const link = one(selector); if (link) link.click(); };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, pre")) return;
    const stops = () => all("[data-hit] h2 a, [data-with-words]");
    const keys = {
      "/": () => { const box = one("[data-find]") || one("#in"); if (box) { box.focus(); box.select(); } },
      n: () => step(stops(), 1),
      p: () => step(stops(), -1),
      ArrowLeft: () => follow("[data-previous]"),
      ArrowRight: () => follow("[data-next]"),
    };
    const action = Object.hasOwn(keys, event.key) && keys[event.key];
    if (!action || (event.key.startsWith("Arrow") && !sheet)) return;
    if (event.key === "/") event.preventDefault();
    action();
  });
})();
