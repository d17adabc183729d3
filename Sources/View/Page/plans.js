// The project's plans and how far they are; a plan with all it found.
"use strict";

(() => {
  const {h, link, plural} = askew;

  function progress(plans) {
    const open = plans.work.map((work) => h("li", {},
      h("strong", {}, work.name), " ",
      work.done === undefined || work.done === null
        ? `not begun of ${askew.number(work.total)}` : `at ${askew.number(work.done)} of ${askew.number(work.total)}`,
      work.done !== undefined && work.done !== null
        ? h("progress", {max: Math.max(1, work.total), value: work.done, "aria-label": work.name}) : null));
    const left = plans.stages - plans.stagesDone;
    if (!left && !plans.isRunning) return null;
    const done = `${askew.number(plans.stagesDone)} of ${plural(plans.stages, "stage")} done.`;
    const stopped = plans.plans.filter((plan) => plan.state === "running").map((plan) => plan.name);
    if (plans.isRunning) {
      return h("section", {class: "work running", "aria-labelledby": "work"},
        h("h2", {id: "work"}, "A run is going on"), h("p", {}, done, " This page follows it."), h("ul", {}, open));
    }
    return h("section", {class: "work stopped", "aria-labelledby": "work"},
      h("h2", {id: "work"}, "Stopped before the end"),
      h("p", {}, done, open.length ? " It stopped here:" : " Nothing was in the middle of its work."), h("ul", {}, open),
      stopped.length ? h("p", {}, "The same command goes on from there: ", h("code", {}, `askew run ${stopped.join(" ")}`)) : null);
  }

  const chip = (entry) => {
    const text = entry.predictions ?? (entry.state === "running" ? "under way, no findings yet" : "no findings yet");
    const match = /^(\d+) of (\d+)/.exec(text);
    const kind = match ? (match[1] === match[2] ? "held" : "mixed") : "open";
    return h("span", {class: `chip ${kind}`}, text);
  };

  askew.pages.plans = {
    title: () => "Plans",
    isLive: true,
    async render() {
      const plans = await askew.source.document("plans");
      const state = askew.data.state;
      const cards = plans.plans.map((entry) => h("li", {class: "plan"},
        h("h2", {}, h("a", {href: link(`plan/${entry.name}`)}, entry.title)),
        h("p", {class: "question"}, entry.question),
        entry.summary ? h("p", {class: "summary"}, entry.summary) : null,
        (entry.warnings ?? []).map((warning) => h("p", {class: "warning"}, warning)),
        h("p", {class: "facts"}, chip(entry), " ", h("code", {}, entry.name), " · ",
          h("a", {href: link("answers", {plan: entry.name})}, "answers"), " · ",
          h("a", {href: link("compare", {plan: entry.name})}, "side by side"))));
      return [
        h("h1", {}, `What ${state.project} has found`),
        h("p", {class: "facts"}, `${plural(plans.plans.length, "plan")} · ${plural(state.answers, "answer")} · `
          + plural(askew.data.catalogue?.judges.length ?? 0, "judge")),
        progress(plans),
        cards.length ? h("ul", {class: "plans"}, cards) : askew.empty("No plan has run in this project yet.", "askew run first-plot"),
      ];
    },
  };

  /** A condition's numbers, each a link to its answers. */
  function table(plan) {
    const rows = plan.rows.filter((row) => row.place === undefined || row.place === null
      || row.place === Math.max(...plan.rows.filter((other) => other.condition === row.condition
        && other.evaluation === row.evaluation).map((other) => other.place ?? 0)));
    const evaluations = plan.evaluations.filter(({name}) => rows.some((row) => row.evaluation === name));
    const cell = (condition, evaluation) => {
      const row = rows.find((one) => one.condition === condition.name && one.evaluation === evaluation.name);
      if (!row) return h("td", {}, "–");
      const own = {plan: plan.entry.name, condition: condition.title, evaluation: evaluation.title};
      // What was scored was not answered.
      const isAnswered = askew.data.cells.some((cell) => Object.entries(own).every(([name, value]) => cell[name] === value));
      const target = isAnswered ? link("answers", own) : plan.entry.hasContrasts
        ? link("contrasts", {plan: own.plan, evaluation: evaluation.name, condition: condition.name}) : null;
      return h("td", {}, target ? h("a", {href: target, "aria-label": `${row.value}: ${isAnswered ? "answers" : "texts"} of ${condition.title}, ${evaluation.title}`}, row.value) : row.value,
        h("small", {}, ` ${row.interval}`));
    };
    return h("div", {class: "table", tabindex: "0", role: "region", "aria-label": "numbers"}, h("table", {},
      h("caption", {}, "What was measured, with its 95 % interval. A number leads to the answers, or the texts, that it was counted from."),
      h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "condition"),
        evaluations.map(({title}) => h("th", {scope: "col"}, title)), h("th", {scope: "col"}, "side by side"))),
      h("tbody", {}, plan.conditions.filter((condition) => rows.some((row) => row.condition === condition.name))
        .map((condition) => h("tr", {}, h("th", {scope: "row"}, condition.title),
          evaluations.map((evaluation) => cell(condition, evaluation)),
          h("td", {}, h("a", {href: link("compare", {plan: plan.entry.name, condition: condition.title}),
            "aria-label": `${condition.title} beside others`}, "compare")))))));
  }

  function predictions(plan) {
    if (!plan.predictions.length) return null;
    const words = {held: "✓ held", failed: "✗ did not hold", undecidable: "? undecidable"};
    return h("section", {"aria-labelledby": "foretold"}, h("h2", {id: "foretold"}, "Predictions"),
      h("ul", {class: "foretold"}, plan.predictions.map((one) => h("li", {class: one.outcome},
        h("strong", {}, words[one.outcome]), ` ${one.claim}`, h("span", {class: "facts"}, ` measured ${one.measured}`),
        one.isLate ? h("span", {class: "late"}, " ⚠ added after the first result") : null))));
  }

  /** What a mark of a figure stands for: the condition whose title it is, or that the mark's own text names. */
  function conditionOf(mark, titles) {
    if (mark.localName === "text") return titles.find((title) => title === mark.textContent);
    const words = ` ${mark.querySelector(":scope > title").textContent} `;
    return titles.find((title) => {
      const at = words.indexOf(title);
      return at > 0 && !/[\p{L}\p{N}]/u.test(words[at - 1]) && !/[\p{L}\p{N}]/u.test(words[at + title.length]);
    });
  }

  /** Names and marks of conditions in figures lead to their answers. */
  function linkFigures(report, plan) {
    // The longest first: one title may be the beginning of another.
    const titles = plan.conditions.map(({title}) => title).sort((a, b) => b.length - a.length);
    for (const mark of report.querySelectorAll("svg text, svg :has(> title)")) {
      const condition = mark.localName === "svg" ? null : conditionOf(mark, titles);
      if (!condition || mark.closest("a")) continue;
      const target = askew.s("a", {href: link("answers", {plan: plan.entry.name, condition}), class: "leads", "aria-label": `answers of ${condition}`});
      // A picture has no links in it for those who hear it; a group has.
      mark.ownerSVGElement.setAttribute("role", "group");
      mark.replaceWith(target);
      target.append(mark);
    }
  }

  askew.pages.plan = {
    title: ({key}) => key,
    async render({key}) {
      const plan = await askew.source.document("plan", key);
      if (!plan) {
        const plans = await askew.source.document("plans");
        const entry = plans.plans.find(({name}) => name === key);
        return [h("h1", {}, entry?.title ?? key), progress(plans),
          askew.empty(entry ? "This plan has no findings yet." : "This project has no such plan.", `askew run ${key}`)];
      }
      const report = askew.report(plan.report);
      report.querySelector("header")?.remove();
      linkFigures(report, plan);
      return [
        h("h1", {}, plan.entry.title),
        h("p", {class: "question"}, plan.entry.question),
        plan.entry.summary ? h("p", {class: "headline"}, plan.entry.summary) : null,
        (plan.entry.warnings ?? []).map((warning) => h("p", {class: "warning"}, warning)),
        h("p", {class: "facts"}, h("a", {href: link("answers", {plan: key})}, "all answers"), " · ",
          h("a", {href: link("compare", {plan: key})}, "side by side"), " · ",
          h("a", {href: link("scatter", {plan: key})}, "aligned by coherent"), " · ",
          plan.entry.hasContrasts ? [h("a", {href: link("contrasts", {plan: key})}, "contrasts token by token"), " · "] : null,
          h("a", {href: link("training", {plan: key})}, "training")),
        plan.rows.length ? table(plan) : null,
        predictions(plan),
        h("h2", {}, "The report"),
        report,
      ];
    },
  };
})();
