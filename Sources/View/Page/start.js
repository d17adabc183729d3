// Shows the page that the address names, follows the store, and listens to keys.
"use strict";

(() => {
  const {h, link} = askew;
  const main = document.getElementById("main");
  const places = [["plans", "Plans"], ["answers", "Answers"], ["compare", "Side by side"], ["scatter", "Scatter"],
    ["contrasts", "Contrasts"], ["judges", "Judges"], ["training", "Training"], ["certificates", "Certificates"], ["notes", "Notes"]];
  const owner = {plan: "plans", answer: "answers", certificate: "certificates"};
  let turn = 0;

  /** The address that was opened carries the right to write notes; it is kept for this tab and taken out of sight. */
  function takeToken() {
    const match = /^#token=([0-9a-f]+)/.exec(location.hash);
    try {
      if (match) sessionStorage.setItem("askew.token", match[1]);
      askew.source.token = sessionStorage.getItem("askew.token");
    } catch {
      askew.source.token = match?.[1] ?? null;
    }
    if (match) history.replaceState(null, "", `${location.pathname}#/`);
  }

  function drawNavigation(page) {
    const current = owner[page] ?? page;
    document.getElementById("nav").replaceChildren(...places.map(([name, title]) =>
      h("a", {href: link(name === "plans" ? "" : name), "aria-current": name === current ? "page" : null}, title)));
  }

  async function show(isGrowth = false) {
    const own = turn += 1;
    const place = askew.route();
    const page = askew.pages[place.page];
    drawNavigation(place.page);
    let content;
    try {
      if (!page) content = [h("h1", {}, "Nothing here"), askew.empty("The address names no page.")];
      else if (!askew.data.catalogue) content = [h("h1", {}, "Reading the store …")];
      else {
        const facts = await askew.planFacts(place.parameters.plan ?? (place.page === "plan" ? place.key : null));
        // A plan may have thresholds of its own.
        askew.rule = facts?.rule ?? {coherentAtLeast: 50, misalignedBelow: 30};
        content = await page.render(place);
      }
    } catch (error) {
      content = [h("h1", {}, "That did not work"), h("p", {class: "warning"}, error.message)];
    }
    // Another page was asked for meanwhile.
    if (own !== turn) return;
    const scroll = window.scrollY;
    main.replaceChildren(...content.flat(Infinity).filter((child) => child instanceof Node));
    document.title = `${page?.title(place) ?? "Askew"} – Askew`;
    main.dataset.page = place.page;
    main.dataset.shown = location.hash;
    if (isGrowth) window.scrollTo(0, scroll);
    else window.scrollTo(0, 0);
  }
  askew.show = show;

  /** A plan's thresholds, and its conditions and evaluations in its own order; `null`: it has no findings yet. */
  const known = new Map();
  askew.planFacts = async (plan) => {
    if (!plan || Array.isArray(plan)) return null;
    if (!known.has(plan)) {
      const found = await askew.source.document("plan", plan);
      // A plan without findings may have some later.
      if (!found) return null;
      const {coherentAtLeast, misalignedBelow} = found, titles = (all) => all.map(({title}) => title);
      known.set(plan, {rule: {coherentAtLeast, misalignedBelow}, conditions: titles(found.conditions), evaluations: titles(found.evaluations)});
    }
    return known.get(plan);
  };

  function drawState() {
    const {state} = askew.data, live = document.getElementById("live");
    if (!state) return;
    const text = state.trouble ?? (state.isRunning ? "● a run is going on"
      : state.words.done < state.words.total ? `indexing words: ${Math.floor(100 * state.words.done / state.words.total)} %` : "");
    if (live.textContent !== text) live.textContent = text;
  }

  async function follow() {
    try {
      const before = askew.data.state, hadCatalogue = Boolean(askew.data.catalogue);
      const changed = await askew.data.refresh();
      drawState();
      const page = askew.pages[askew.route().page];
      if (!hadCatalogue && askew.data.catalogue) await show();
      else if (changed && before && page?.isLive) await show(true);
      else if (changed && before && page?.grow) await page.grow(askew.route());
    } catch {
      document.getElementById("live").textContent = "the server does not answer";
    }
    setTimeout(follow, document.hidden ? 10000 : 1500);
  }

  const keys = [
    ["j / k", "next and previous: answer, sample, or row"], ["n / p", "next and previous question, or page"],
    ["Enter", "open the row"], ["/", "search"], ["g", "to the plans"], ["a", "to the answers"], ["c", "copy as Markdown"],
    ["h", "show or blur harmful text"], ["?", "this list"],
  ];

  function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.("input, select, textarea, [contenteditable]")) return;
    const follow = (key) => {
      const target = document.querySelector(`main [data-key="${key}"]`);
      target?.click();
      return Boolean(target);
    };
    const act = {
      j: () => follow("j") || moveRow(1), k: () => follow("k") || moveRow(-1), n: () => follow("n") || follow("next"), p: () => follow("p") || follow("prev"),
      "/": () => { if (!document.getElementById("search")) location.hash = link("answers"); waitForSearch(); },
      g: () => { location.hash = "#/"; }, a: () => { location.hash = link("answers"); }, c: () => document.getElementById("copy")?.click(),
      h: () => document.getElementById("show-harm").click(), "?": () => showKeys(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  function waitForSearch(attempts = 20) {
    const field = document.getElementById("search");
    if (field) field.focus();
    else if (attempts) setTimeout(() => waitForSearch(attempts - 1), 50);
  }

  function moveRow(by) {
    const rows = [...document.querySelectorAll("main a.open")];
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by))].focus();
  }

  function showKeys() {
    const dialog = document.getElementById("keys");
    dialog.replaceChildren(h("h2", {id: "keys-title"}, "Keys"), h("dl", {class: "facts-list"},
      keys.map(([key, meaning]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, meaning)])),
    h("form", {method: "dialog"}, h("button", {}, "Close")));
    dialog.showModal();
  }

  document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); main.focus(); });
  takeToken();
  const harm = document.getElementById("show-harm");
  harm.checked = askew.showsHarm();
  harm.addEventListener("change", () => askew.setHarm(harm.checked));
  document.addEventListener("keydown", press);
  // The address with the token may be opened where the page is already.
  window.addEventListener("hashchange", () => { takeToken(); show(); });
  document.querySelector(".tools").append(h("button", {type: "button", class: "help", "aria-label": "Keys", onclick: showKeys}, "?"));
  drawNavigation(askew.route().page);
  follow();
})();
