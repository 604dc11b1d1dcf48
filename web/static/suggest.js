/* Suggestions below the search box while somebody types: an editable combobox with a list, as the ARIA Authoring Practices
   describe it. Without this script the box is a plain one. */
(() => {
  "use strict";
  const PAUSE_MS = 120; // about the time between two keys: a quick typist asks once a word, not once a letter
  const box = document.querySelector("[data-find]");
  if (!box) return;
  const form = box.form;
  const list = document.createElement("ul");
  const said = document.createElement("span");
  list.id = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.find);
  said.className = "unseen";
  said.setAttribute("role", "status");
  form.append(list, said);
  box.type = "text"; // a box of type `search` may not be a combobox
  box.enterKeyHint = "search";
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) {
    box.setAttribute(name, value);
  }

  let active = -1; // place of the option that is chosen by the arrows; -1: the text itself
  let request = null;
  let timer = 0;

  const choose = (place) => {
    active = place;
    Array.from(list.children, (option, each) => option.setAttribute("aria-selected", String(each === place)));
    const option = list.children[place];
    if (!option) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const show = (lines) => {
    list.replaceChildren(...lines.map((line, place) => {
      const option = document.createElement("li");
      const text = document.createElement("span");
      const note = document.createElement("span");
      option.id = "suggestion-" + place;
      option.dataset.href = line.href;
      option.setAttribute("role", "option");
      text.textContent = line.text;
      text.dir = "auto";
      if (line.lang) text.lang = line.lang;
      note.textContent = line.note;
      note.className = "soft small";
      option.append(text, " ", note);
      return option;
    }));
    list.hidden = !lines.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
    said.textContent = lines.length ? box.dataset.find + ": " + lines.length : "";
    choose(-1);
  };
  const forget = () => {
    clearTimeout(timer);
    if (request) request.abort();
    request = null;
  };
  const close = () => { forget(); show([]); };
  const ask = async () => {
    const mine = request = new AbortController();
    try {
      const answer = await fetch("/suggestions?" + new URLSearchParams(new FormData(form)), { signal: mine.signal });
      const lines = answer.ok ? await answer.json() : [];
      if (mine === request) show(lines);
    } catch { /* aborted because more was typed, or the network is gone: the box works all the same */ }
  };

  box.addEventListener("input", (event) => {
    forget();
    if (event.isComposing) return;
    if (box.value.trim().length < 2) return show([]);
    timer = setTimeout(ask, PAUSE_MS);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const count = list.children.length;
    const acts = {
      ArrowDown: () => { if (count) choose(active + 1 < count ? active + 1 : -1); else if (box.value.trim().length > 1) ask(); },
      ArrowUp: () => { if (count) choose(active < 0 ? count - 1 : active - 1); },
      Enter: () => { if (active < 0) return false; location.assign(list.children[active].dataset.href); },
      Escape: () => { if (list.hidden) box.value = ""; close(); },
    };
    if (Object.hasOwn(acts, event.key) && acts[event.key]() !== false) event.preventDefault();
  });
  box.addEventListener("blur", close);
  form.addEventListener("submit", close);
  addEventListener("pageshow", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.href);
  });
})();
