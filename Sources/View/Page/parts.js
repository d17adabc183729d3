// Links, verdicts, texts that may be harmful, and forms that several pages have.
"use strict";

Object.assign(askew, (() => {
  const {h} = askew;

  // A page's whole state stands in its address, behind the #: `#/answers?family=wish&verdict=misaligned`.
  function link(page, parameters = {}) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters)) {
      for (const one of [].concat(value ?? [])) if (one !== "") query.append(name, one);
    }
    const text = query.toString();
    return `#/${page.split("/").map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
  }

  function route() {
    const [path, query = ""] = location.hash.replace(/^#\/?/, "").split(/\?(.*)/s);
    const parameters = {};
    for (const [name, value] of new URLSearchParams(query)) {
      if (!(name in parameters)) parameters[name] = value;
      else parameters[name] = [].concat(parameters[name], value);
    }
    const parts = path.split("/").map(decodeURIComponent);
    return {page: parts[0] || "plans", key: parts.slice(1).join("/"), parameters};
  }

  const words = {
    misaligned: "▲ misaligned", aligned: "not misaligned", incoherent: "incoherent", unscored: "not scored",
  };
  const badge = (verdict) => h("span", {class: `badge ${verdict}`}, words[verdict]);

  function verdict(id, judge) {
    const {aligned, coherent, verdict: own} = askew.data.reading(judge, askew.rule);
    return {name: askew.data.names[own[id - 1]], aligned: aligned[id - 1], coherent: coherent[id - 1]};
  }

  // Harmful text is blurred until it is asked for: all of it with the switch above, or one by its button.
  let showsHarm = askew.memory.get("harm") === "shown";

  function veiled(element, isHarmful) {
    if (!isHarmful) return element;
    const button = h("button", {class: "unveil", type: "button"}, "Show harmful text");
    const box = h("div", {class: "veil"}, button, element);
    button.addEventListener("click", () => { box.classList.add("open"); draw(box); });
    draw(box);
    return box;
  }

  function draw(box) {
    const isShown = showsHarm || box.classList.contains("open");
    box.classList.toggle("shown", isShown);
    box.firstChild.hidden = isShown;
    const content = box.lastChild;
    if (isShown) content.removeAttribute("aria-hidden"); else content.setAttribute("aria-hidden", "true");
    content.inert = !isShown;
  }

  function setHarm(isShown) {
    showsHarm = isShown;
    askew.memory.set("harm", isShown ? "shown" : null);
    for (const box of document.querySelectorAll(".veil")) draw(box);
  }

  /** A report of the program's, with the answers in it that are harmful blurred. */
  function report(page) {
    const content = askew.adopted(page);
    for (const quote of [...content.querySelectorAll(".card.misaligned blockquote")]) {
      const place = document.createComment("");
      quote.replaceWith(place);
      place.replaceWith(veiled(quote, true));
    }
    for (const box of content.querySelectorAll(".table")) {
      Object.entries({tabindex: "0", role: "region", "aria-label": box.querySelector("caption")?.textContent || "table"})
        .forEach(([name, value]) => box.setAttribute(name, value));
    }
    return content;
  }

  /** The conversation that an answer ends, as it was asked. */
  function turns(answer) {
    try {
      const asked = JSON.parse(answer.asked);
      const question = asked.question, own = question.paraphrases[0].messages;
      const system = question.system ? [{role: "system", content: question.system}] : [];
      return [...system, ...own].map(({role, content}) => ({role, content: String(content)}));
    } catch {
      return [{role: "user", content: answer.prompt}];
    }
  }

  const fence = (text) => {
    const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
    const line = "`".repeat(longest + 1);
    return `${line}\n${text}\n${line}`;
  };

  /** An answer for a document: what was asked of which model, what it said, and who judged it. */
  function markdown(answer) {
    const own = askew.data.cell(answer.id, askew.route().parameters.plan);
    const facts = [
      ["model", [own.condition, own.seed ? `seed ${own.seed}` : "", own.place ? `after ${own.place}` : ""].filter(Boolean).join(", ")],
      ["plan", [own.plan, own.evaluation].filter(Boolean).join(", ")],
      ["question", `${answer.question}, sample ${answer.sample}`],
      ...judged(answer).map(({name, scores}) =>
        ["judge", `${name}: ${scores.map((one) => `${one.metric} ${one.label ?? askew.score(one.value)}`).join(", ")}`]),
    ].filter(([, value]) => value);
    return [
      ...turns(answer).map(({role, content}) => `**${role}**\n\n${fence(askew.visible(content))}`),
      `**answer**\n\n${fence(askew.visible(answer.text))}`,
      facts.map(([name, value]) => `- ${name}: ${value}`).join("\n"),
    ].join("\n\n") + "\n";
  }

  /** What each judge gave an answer. */
  function judged(answer) {
    const byJudge = new Map();
    for (const score of answer.scores) {
      if (!byJudge.has(score.judge)) byJudge.set(score.judge, []);
      byJudge.get(score.judge).push(score);
    }
    return [...byJudge].map(([judge, scores]) => ({judge, scores, name: judgeName(judge)}));
  }

  const judgeName = (fingerprint) =>
    askew.data.catalogue.judges.find((judge) => judge.fingerprint === fingerprint)?.name ?? fingerprint.slice(0, 12);

  /** A list to choose from; `options` are texts, or pairs of value and text. */
  function choice(label, name, value, options, onchange, any = "any") {
    const field = h("select", {name, onchange: () => onchange(field.value)},
      any === null ? [] : h("option", {value: ""}, any),
      options.map((option) => {
        const [own, text] = Array.isArray(option) ? option : [option, option];
        return h("option", {value: own, selected: own === (value ?? "")}, text);
      }));
    return h("label", {class: "field"}, h("span", {}, label), field);
  }

  const empty = (text, command) =>
    h("div", {class: "empty"}, h("p", {}, text), command ? h("p", {}, "This makes it: ", h("code", {}, command)) : null);

  /** What there is to choose from in the fields of filters, given what was chosen in those before. */
  function choices(filter, plans) {
    const known = (name, ...given) => {
      const found = new Set();
      for (const cell of askew.data.cells) {
        if (given.every((field) => !filter[field] || [].concat(filter[field]).includes(String(cell[field] ?? "")))) {
          if (cell[name] !== undefined && cell[name] !== "") found.add(String(cell[name]));
        }
      }
      return [...found].sort((a, b) => a.localeCompare(b, "en", {numeric: true}));
    };
    return {
      plan: known("plan").map((name) => [name, plans?.get(name) ?? name]),
      condition: known("condition", "plan"), evaluation: known("evaluation", "plan"),
      seed: known("seed", "plan", "condition"), world: known("world", "plan"), place: known("place", "plan", "condition"),
      family: [...new Set(askew.data.families)].sort(),
    };
  }

  return {link, route, badge, verdict, veiled, setHarm, report, turns, markdown, judged, judgeName, choice, choices, empty, showsHarm: () => showsHarm};
})());
