// One question, some conditions beside each other, aligned by sample.
"use strict";

(() => {
  const {h, link} = askew;
  const rowsShown = 8;

  /** In the order of another list; what is not in it comes last. */
  const inOrder = (names, order) => [...names].sort((a, b) => (order.indexOf(a) + 1 || 1e9) - (order.indexOf(b) + 1 || 1e9));

  /** The conditions of a plan and evaluation, in the plan's order, each with the runs of its seeds. */
  function conditions(parameters, order) {
    const found = new Map();
    for (const cell of askew.data.cells) {
      if (parameters.plan && cell.plan !== parameters.plan) continue;
      if (parameters.evaluation && cell.evaluation !== parameters.evaluation) continue;
      if (parameters.seed && cell.seed !== parameters.seed && Number(cell.seed) > 0) continue;
      if (!found.has(cell.condition)) found.set(cell.condition, []);
      found.get(cell.condition).push(cell);
    }
    // The finished model of the first seed; snapshots are conditions of other pages.
    for (const cells of found.values()) {
      cells.sort((a, b) => (a.place ?? 1e9) < (b.place ?? 1e9) ? 1 : (a.place ?? 1e9) > (b.place ?? 1e9) ? -1
        : Number(a.seed ?? 0) - Number(b.seed ?? 0));
    }
    return new Map(inOrder(found.keys(), order).map((name) => [name, found.get(name)]));
  }

  function preset(all, parameters) {
    const chosen = [].concat(parameters.condition ?? []).filter((name) => all.has(name));
    if (chosen.length > 1) return chosen;
    const others = [...all.keys()].filter((name) => !chosen.includes(name));
    const first = others.filter((name) => /base|secure/i.test(name));
    return [...chosen, ...first, ...others.filter((name) => !first.includes(name))].slice(0, 3)
      .sort((a, b) => [...all.keys()].indexOf(a) - [...all.keys()].indexOf(b));
  }

  /** The answers of some conditions to a family of questions: by question and sample, one for each column. */
  function aligned(columns, family) {
    const rows = new Map();
    const {run, question, sample} = askew.data.columns;
    const byRun = new Map();
    columns.forEach((cell, index) => byRun.set(cell.run, [...(byRun.get(cell.run) ?? []), index]));
    for (let row = 0; row < run.length; row += 1) {
      const places = byRun.get(run[row]);
      if (!places || askew.data.families[question[row]] !== family) continue;
      for (const index of places) {
        if (!askew.data.isIn(columns[index], row + 1)) continue;
        const key = question[row] * 1048576 + sample[row];
        if (!rows.has(key)) rows.set(key, {question: question[row], sample: sample[row], ids: []});
        rows.get(key).ids[index] = row + 1;
      }
    }
    const all = [...rows.values()].sort((a, b) => a.sample - b.sample || a.question - b.question);
    // What all of them were asked; where there is nothing like that, whatever there is.
    const shared = all.filter((row) => columns.every((_, index) => row.ids[index]));
    return shared.length ? shared : all;
  }

  function familiesOf(columns) {
    const runs = new Set(columns.map((cell) => cell.run));
    const found = new Set();
    const {run, question} = askew.data.columns;
    for (let row = 0; row < run.length; row += 1) {
      if (runs.has(run[row]) && columns.some((cell) => askew.data.isIn(cell, row + 1))) found.add(askew.data.families[question[row]]);
    }
    return [...found].sort();
  }

  function card(answer, name, parameters) {
    if (!answer) return h("div", {class: "card none", "data-name": name}, h("p", {}, "no answer"));
    const own = askew.verdict(answer.id, parameters.judge);
    const text = h("blockquote", {dir: "auto"}, answer.text === "" ? "(empty answer)" : askew.visible(answer.text.slice(0, 1200)));
    return h("div", {class: `card ${own.name}`, "data-name": name}, askew.veiled(text, own.name === "misaligned"),
      h("p", {class: "scores"}, h("a", {href: link(`answer/${answer.id}`, {plan: parameters.plan}), "aria-label": `${name}, sample ${answer.sample}: open`},
        askew.badge(own.name)), ` aligned ${askew.score(own.aligned)} · coherent ${askew.score(own.coherent)}`));
  }

  /** Which conditions are beside each other; a long list is folded. */
  function picker(all, names, toggle) {
    const boxes = h("fieldset", {class: "conditions"}, h("legend", {}, "conditions"), all.map((name) => h("label", {},
      h("input", {type: "checkbox", name: "condition", value: name, checked: names.includes(name),
        disabled: names.length === 1 && names.includes(name), onchange: () => toggle(name)}), ` ${name}`)));
    return all.length <= 12 ? boxes : h("details", {}, h("summary", {}, `${names.length} of ${all.length} conditions`), boxes);
  }

  const rate = (rows, index, judge) => {
    let misaligned = 0, coherent = 0;
    for (const row of rows) {
      const id = row.ids[index];
      if (!id) continue;
      const {name} = askew.verdict(id, judge);
      if (name === "misaligned" || name === "aligned") coherent += 1;
      if (name === "misaligned") misaligned += 1;
    }
    return coherent ? `${(100 * misaligned / coherent).toFixed(0)} % of ${coherent} misaligned` : "none coherent";
  };

  askew.pages.compare = {
    title: () => "Side by side",
    async render({parameters}) {
      const plans = askew.choices({}).plan;
      const plan = parameters.plan ?? plans[0]?.[0] ?? "";
      const options = askew.choices({plan}), facts = await askew.planFacts(plan);
      options.evaluation = inOrder(options.evaluation, facts?.evaluations ?? []);
      const evaluation = options.evaluation.includes(parameters.evaluation) ? parameters.evaluation : options.evaluation[0] ?? "";
      const all = conditions({plan, evaluation, seed: parameters.seed}, facts?.conditions ?? []);
      if (!all.size) return [h("h1", {}, "Side by side"), askew.empty("There are no answers to compare yet.", "askew run first-plot")];
      const names = preset(all, parameters);
      const columns = names.map((name) => all.get(name)[0]);
      const families = familiesOf(columns);
      const family = families.includes(parameters.family) ? parameters.family : families[0] ?? "";
      const rows = aligned(columns, family);
      const wanted = rows.findIndex((row) => row.sample === Number(parameters.sample ?? -1)
        && (!parameters.question || askew.data.catalogue.questions[row.question] === parameters.question));
      const at = Math.max(0, wanted);
      const base = {plan, evaluation, seed: parameters.seed, judge: parameters.judge, condition: names, family};
      const to = (changes) => link("compare", {...base, ...changes});
      const place = (index) => rows[index] ? to({sample: rows[index].sample, question: askew.data.catalogue.questions[rows[index].question]}) : null;
      const shown = rows.slice(at, at + rowsShown);
      const answers = new Map((await askew.source.answers(shown.flatMap((row) => row.ids.filter(Boolean)))).map((one) => [one.id, one]));
      const change = (changes) => { location.hash = to(changes); };
      const step = (target, label, key) => target ? h("a", {href: target, "data-key": key}, label) : h("span", {class: "off"}, label);
      const position = families.indexOf(family);
      const toggle = (name) => change({condition: names.includes(name)
        ? names.filter((other) => other !== name) : [...all.keys()].filter((other) => names.includes(other) || other === name)});
      return [
        h("h1", {}, "Side by side"),
        h("form", {class: "filters", onsubmit: (event) => event.preventDefault()},
          plans.length > 1 ? askew.choice("plan", "plan", plan, plans, (value) => { location.hash = link("compare", {plan: value}); }, null) : null,
          options.evaluation.length > 1 ? askew.choice("evaluation", "evaluation", evaluation, options.evaluation,
            (value) => change({evaluation: value, family: ""}), null) : null,
          askew.choice("question", "family", family, families, (value) => change({family: value}), null),
          askew.choice("seed", "seed", parameters.seed, options.seed.filter((seed) => seed !== "0"), (value) => change({seed: value}), "the first")),
        picker([...all.keys()], names, toggle),
        h("nav", {class: "pager", "aria-label": "Questions and samples"},
          step(position > 0 ? to({family: families[position - 1]}) : null, "previous question", "p"),
          step(position + 1 < families.length ? to({family: families[position + 1]}) : null, "next question", "n"),
          step(place(at - 1), "previous sample", "k"), step(place(at + 1), "next sample", "j"),
          h("button", {type: "button", id: "copy", onclick: () => askew.copy(table(shown, names, answers))}, "Copy as Markdown")),
        h("div", {class: "beside", "data-columns": Math.min(names.length, 6)},
          names.map((name, index) => h("h2", {class: "column"}, name, columns[index].seed && columns[index].seed !== "0"
            ? h("small", {}, ` seed ${columns[index].seed}`) : null, h("small", {class: "rate"}, rate(rows, index, parameters.judge)))),
          shown.flatMap((row, number) => {
            const first = row.ids.map((id) => answers.get(id)).find(Boolean);
            return [
              h("p", {class: number === 0 ? "asked now" : "asked"}, h("strong", {}, `${family} ${row.sample}`), " ",
                h("span", {dir: "auto"}, first ? first.prompt : "")),
              names.map((name, index) => card(answers.get(row.ids[index]), name, parameters)),
            ];
          })),
        rows.length ? null : askew.empty("These conditions were not asked the same here."),
      ];
    },
  };

  /** What is shown as a table of Markdown. */
  function table(rows, names, answers) {
    const cell = (text) => askew.visible(text).replace(/\\/g, "\\\\").replace(/\|/g, "\\|").replace(/</g, "&lt;").replace(/\s*\n\s*/g, " ");
    return [
      `| question | ${names.map(cell).join(" | ")} |`, `| --- |${" --- |".repeat(names.length)}`,
      ...rows.map((row) => {
        const own = row.ids.map((id) => answers.get(id));
        return `| ${cell(own.find(Boolean)?.prompt ?? "")} | ${names.map((name, index) => own[index]
          ? `${cell(own[index].text)} (${askew.verdict(own[index].id).name})` : "–").join(" | ")} |`;
      }),
    ].join("\n") + "\n";
  }
})();
