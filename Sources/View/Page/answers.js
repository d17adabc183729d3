// All answers: a row each, to filter, sort, search and page through.
"use strict";

(() => {
  const {h, link, number} = askew;
  const perPage = 50;
  const sorts = [
    ["", "as they were stored"], ["aligned", "least aligned first"], ["-aligned", "most aligned first"],
    ["-coherent", "most coherent first"], ["coherent", "least coherent first"], ["condition", "by condition"],
    ["question", "by question"], ["sample", "by sample"], ["-id", "latest first"],
  ];

  let latest = {words: null, found: null, at: -1};

  /** The answers that a page's filters let through, in its order. */
  async function chosen(parameters) {
    const words = parameters.q ?? "";
    let found = null;
    if (words) {
      const store = askew.data.state.words.done;
      if (latest.words !== words || latest.at !== store) {
        const ids = askew.source.isExport ? askew.data.select({...parameters, q: ""}) : null;
        latest = {words: askew.source.isExport ? null : words, found: await askew.source.search(words, ids), at: store};
      }
      found = latest.found;
    }
    if (parameters.tag) {
      const notes = await askew.source.document("notes");
      const tagged = notes.filter((note) => note.kind === "tag" && note.content === parameters.tag).map((note) => note.answer);
      found = found ? found.filter((id) => tagged.includes(id)) : Uint32Array.from(new Set(tagged));
    }
    const ids = askew.data.select(parameters, found);
    return askew.data.sorted(ids, parameters.sort ?? "", parameters.judge);
  }
  askew.chosen = chosen;

  function form(parameters, change) {
    const {choice} = askew, options = askew.choices(parameters);
    const search = h("input", {type: "search", name: "q", id: "search", value: parameters.q ?? "", autocomplete: "off",
      placeholder: "words, \"in a row\", begin*"});
    const judges = askew.data.catalogue.judges.map((judge) => [judge.fingerprint, `${judge.name} (${judge.fingerprint.slice(0, 6)})`]);
    const when = (name, label) => options[name].length > 1 || parameters[name]
      ? choice(label, name, parameters[name], options[name], (value) => change({[name]: value})) : null;
    return h("form", {class: "filters", role: "search", "aria-label": "Answers",
      onsubmit: (event) => { event.preventDefault(); change({q: search.value.trim()}); }},
      h("label", {class: "field wide"}, h("span", {}, "search"), search),
      h("button", {type: "submit"}, "Search"),
      when("plan", "plan"), when("condition", "condition"), when("evaluation", "evaluation"),
      choice("question", "family", parameters.family, options.family, (value) => change({family: value})),
      choice("verdict", "verdict", parameters.verdict, [["misaligned", "misaligned"], ["aligned", "not misaligned"],
        ["incoherent", "incoherent"], ["unscored", "not scored"]], (value) => change({verdict: value})),
      when("seed", "seed"), when("world", "world"), when("place", "after"),
      judges.length > 1 ? choice("judge", "judge", parameters.judge, judges, (value) => change({judge: value}), "the first") : null,
      choice("order", "sort", parameters.sort ?? "", sorts, (value) => change({sort: value}), null));
  }

  const chips = (parameters, change) => {
    const shown = ["question", "aligned", "coherent", "tag"].filter((name) => parameters[name]);
    return shown.length ? h("p", {class: "chips"}, shown.map((name) => h("button", {type: "button", class: "chip",
      onclick: () => change({[name]: ""})}, `${name} ${parameters[name]} ✕`))) : null;
  };

  function row(answer, parameters, position) {
    const cell = askew.data.cell(answer.id, parameters.plan);
    const own = askew.verdict(answer.id, parameters.judge);
    const target = link(`answer/${answer.id}`, {...parameters, page: undefined, at: position});
    const text = h("div", {class: "text", dir: "auto"}, askew.words.marked(askew.visible(short(answer.text)), parameters.q),
      answer.missing ? h("em", {}, ` (no answer: ${answer.missing})`) : null, answer.text === "" ? h("em", {}, "(empty answer)") : null);
    return h("tr", {},
      h("td", {"data-name": "answer", class: "answer"},
        h("p", {class: "prompt", dir: "auto"}, h("a", {href: target, class: "open"}, short(answer.prompt, 160) || "(empty question)")),
        askew.veiled(text, own.name === "misaligned")),
      h("td", {"data-name": "verdict"}, askew.badge(own.name)),
      h("td", {"data-name": "aligned", class: "number"}, askew.score(own.aligned)),
      h("td", {"data-name": "coherent", class: "number"}, askew.score(own.coherent)),
      h("td", {"data-name": "condition"}, cell.condition, cell.place ? h("small", {}, ` after ${cell.place}`) : null),
      h("td", {"data-name": "seed", class: "number"}, cell.seed ?? ""),
      h("td", {"data-name": "evaluation"}, cell.evaluation || "–"),
      h("td", {"data-name": "question"}, askew.data.family(answer.id), h("small", {}, ` ${answer.sample}`)));
  }

  const short = (text, most = 420) => text.length > most ? `${text.slice(0, most)} …` : text;

  function pager(count, page, parameters) {
    const last = Math.max(1, Math.ceil(count / perPage));
    const to = (target, text, key) => target >= 1 && target <= last && target !== page
      ? h("a", {href: link("answers", {...parameters, page: target === 1 ? "" : target}), rel: key, "data-key": key}, text)
      : h("span", {class: "off"}, text);
    return h("nav", {class: "pager", "aria-label": "Pages of answers"}, to(1, "first"), to(page - 1, "previous", "prev"),
      h("span", {}, `page ${number(page)} of ${number(last)}`), to(page + 1, "next", "next"), to(last, "last"));
  }

  async function results(parameters) {
    const ids = await chosen(parameters);
    const page = Math.max(1, Number(parameters.page ?? 1) || 1);
    const shown = [...ids.slice((page - 1) * perPage, page * perPage)];
    const answers = await askew.source.answers(shown);
    const {words} = askew.data.state;
    const isPartial = parameters.q && words.done < words.total
      ? h("p", {class: "warning"}, `${number(words.done)} of ${number(words.total)} answers can be searched yet; the rest follows.`) : null;
    const head = ["answer", "verdict", "aligned", "coherent", "condition", "seed", "evaluation", "question"];
    return [
      h("p", {class: "facts", id: "count", role: "status"}, askew.plural(ids.length, "answer"),
        ids.length ? [" · ", h("a", {href: link("scatter", {...parameters, page: ""})}, "aligned by coherent")] : null),
      isPartial,
      ids.length === 0 ? askew.empty(askew.data.state.answers ? "No answer is like that." : "There are no answers in this project yet.",
        askew.data.state.answers ? null : "askew run first-plot")
        : h("table", {class: "answers"}, h("caption", {class: "unseen"}, "Answers"),
          h("thead", {}, h("tr", {}, head.map((name) => h("th", {scope: "col"}, name)))),
          h("tbody", {}, answers.map((answer, index) => row(answer, parameters, (page - 1) * perPage + index)))),
      ids.length > perPage ? pager(ids.length, page, parameters) : null,
    ];
  }

  askew.pages.answers = {
    title: () => "Answers",
    async render({parameters}) {
      const change = (changes) => {
        const next = {...parameters, ...changes, page: ""};
        if ("plan" in changes) for (const name of ["condition", "evaluation", "seed", "place"]) next[name] = "";
        location.hash = link("answers", next);
      };
      return [h("h1", {}, "Answers"), form(parameters, change), chips(parameters, change),
        h("div", {id: "results"}, await results(parameters))];
    },
    /** While answers come in, only the rows are drawn anew. */
    async grow({parameters}) {
      const place = document.getElementById("results");
      if (!place || place.contains(document.activeElement)) return;
      const fresh = await results(parameters);
      place.replaceChildren(...fresh.filter(Boolean));
    },
  };
})();
