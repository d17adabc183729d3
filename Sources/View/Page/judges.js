// The judges: what they ask, which numbers they give, and where two of them disagree.
"use strict";

(() => {
  const {h, s, link} = askew;
  const perPage = 25;

  function numbers(judge, metric) {
    const column = askew.data.columns.scores[askew.data.seriesOf(judge, metric)];
    const counts = new Array(21).fill(0);
    let count = 0;
    if (column) for (const value of column) {
      if (Number.isNaN(value)) continue;
      counts[Math.max(0, Math.min(20, Math.floor(value / 5)))] += 1;
      count += 1;
    }
    return {counts, count};
  }

  function histogram(judge, metric) {
    const {counts, count} = numbers(judge, metric);
    if (!count) return null;
    const most = Math.max(...counts), width = 14, height = 90;
    return h("figure", {}, h("figcaption", {}, `${metric}: ${askew.plural(count, "number")}`),
      s("svg", {viewBox: `0 0 ${21 * width} ${height + 18}`, class: "histogram", role: "img",
        "aria-label": `${metric}: ${counts.map((own, index) => own ? `${own} from ${index * 5}` : "").filter(Boolean).join(", ")}`},
        counts.map((own, index) => s("rect", {x: index * width + 1, width: width - 2, y: height - height * own / most, height: height * own / most},
          s("title", {}, `${own} from ${index * 5}`))),
        [0, 50, 100].map((value) => s("text", {class: "tick", x: (value / 5 + .5) * width, y: height + 14,
          "text-anchor": value === 0 ? "start" : value === 100 ? "end" : "middle"}, value))));
  }

  /** The mean of the probability that a judge's valid numbers had together. */
  function coverage(judge) {
    const column = askew.data.columns.scores[askew.data.seriesOf(judge, "aligned coverage")];
    if (!column) return "not known";
    let sum = 0, count = 0, least = 1;
    for (const value of column) if (!Number.isNaN(value)) { sum += value; count += 1; least = Math.min(least, value); }
    return count ? `${(100 * sum / count).toFixed(1)} % on average, ${(100 * least).toFixed(1)} % at least` : "not known";
  }

  function panel(index) {
    const judge = askew.data.catalogue.judges[index];
    let prompts = [];
    try { prompts = JSON.parse(judge.identity).prompts ?? []; } catch { /* an oracle, or a person */ }
    return h("section", {class: "judge"}, h("h2", {}, judge.name), h("p", {class: "facts"}, h("code", {}, judge.fingerprint.slice(0, 12)),
      ` · coverage ${coverage(index)} · `, h("a", {href: link("answers", {judge: judge.fingerprint})}, "answers as it reads them")),
    h("div", {class: "pictures"}, ["aligned", "coherent"].map((metric) => histogram(index, metric))),
    prompts.map((prompt) => h("details", {}, h("summary", {}, `What it is asked: ${prompt.metric ?? prompt.name ?? "prompt"}`),
      h("pre", {tabindex: "0"}, JSON.stringify(prompt, null, 2)))));
  }

  function disagreement(a, b) {
    const one = askew.data.reading(a.fingerprint, askew.rule), two = askew.data.reading(b.fingerprint, askew.rule);
    const table = [0, 0, 0, 0].map(() => [0, 0, 0, 0]);
    const apart = [];
    let sum = 0, count = 0, same = 0, both = 0;
    for (let row = 0; row < one.aligned.length; row += 1) {
      if (one.verdict[row] && two.verdict[row]) {
        both += 1;
        table[one.verdict[row]][two.verdict[row]] += 1;
        if (one.verdict[row] === two.verdict[row]) same += 1;
      }
      const difference = Math.abs(one.aligned[row] - two.aligned[row]);
      if (Number.isNaN(difference)) continue;
      sum += difference;
      count += 1;
      if (difference > 0) apart.push([difference, row + 1]);
    }
    apart.sort((x, y) => y[0] - x[0] || x[1] - y[1]);
    // Cohen's kappa over the three readings.
    let chance = 0;
    for (const reading of [1, 2, 3]) {
      const rows = table[reading].reduce((x, y) => x + y, 0), columns = table.reduce((x, own) => x + own[reading], 0);
      chance += both ? rows * columns / both / both : 0;
    }
    return {table, apart, mean: sum / count, count, both, same, kappa: chance < 1 ? (same / both - chance) / (1 - chance) : NaN};
  }

  async function comparison(a, b, parameters) {
    const found = disagreement(a, b);
    if (!found.both) return askew.empty(`${a.name} and ${b.name} have judged no answer both.`, "askew judge RUN --judge MODEL");
    const page = Math.max(1, Number(parameters.page ?? 1) || 1), start = (page - 1) * perPage;
    const shown = found.apart.slice(start, start + perPage);
    const answers = await askew.source.answers(shown.map(([, id]) => id));
    const names = ["aligned", "misaligned", "incoherent"];
    return [
      h("p", {}, `Both read ${askew.plural(found.both, "answer")}: the same in ${(100 * found.same / found.both).toFixed(1)} %, κ = ${found.kappa.toFixed(2)}. `
        + `Their “aligned” differs by ${found.mean.toFixed(1)} on average.`),
      h("div", {class: "table", tabindex: "0", role: "region", "aria-label": "readings"}, h("table", {}, h("caption", {}, `Rows: ${a.name}; columns: ${b.name}`),
        h("thead", {}, h("tr", {}, h("td", {}), names.map((name) => h("th", {scope: "col"}, name)))),
        h("tbody", {}, names.map((name, row) => h("tr", {}, h("th", {scope: "row"}, name),
          names.map((_, column) => h("td", {class: "number"}, askew.number(found.table[row + 1][column + 1])))))))),
      h("h3", {}, "Where they disagree most"),
      found.apart.length ? h("ol", {class: "apart", start: start + 1}, answers.map((answer, index) => {
        const x = askew.verdict(answer.id, a.fingerprint), y = askew.verdict(answer.id, b.fingerprint);
        return h("li", {}, h("p", {}, h("a", {href: link(`answer/${answer.id}`), dir: "auto"}, answer.prompt.slice(0, 160)), " ",
          h("strong", {}, `${askew.score(x.aligned)} and ${askew.score(y.aligned)}`)),
        askew.veiled(h("div", {class: "text", dir: "auto"}, askew.visible(answer.text.slice(0, 600))), x.name === "misaligned" || y.name === "misaligned"));
      })) : h("p", {}, "Nowhere."),
      found.apart.length > perPage ? h("nav", {class: "pager", "aria-label": "Pages"},
        page > 1 ? h("a", {href: link("judges", {...parameters, page: page - 1}), "data-key": "prev"}, "previous") : null,
        start + perPage < found.apart.length ? h("a", {href: link("judges", {...parameters, page: page + 1}), "data-key": "next"}, "next") : null) : null,
    ];
  }

  askew.pages.judges = {
    title: () => "Judges",
    async render({parameters}) {
      const judges = askew.data.catalogue.judges;
      if (!judges.length) return [h("h1", {}, "Judges"), askew.empty("No answer has been judged in this project.", "askew judge RUN --judge MODEL")];
      const find = (fingerprint, other) => judges.find((judge) => judge.fingerprint === fingerprint) ?? judges[other];
      const a = find(parameters.a, 0), b = find(parameters.b, judges.findIndex((judge) => judge !== a));
      const options = judges.map((judge) => [judge.fingerprint, `${judge.name} (${judge.fingerprint.slice(0, 6)})`]);
      const change = (changes) => { location.hash = link("judges", {...parameters, ...changes, page: ""}); };
      return [
        h("h1", {}, "Judges"),
        h("section", {class: "two"}, h("h2", {}, "Where two disagree"),
          judges.length > 1 ? h("form", {class: "filters", onsubmit: (event) => event.preventDefault()},
            askew.choice("one", "a", a.fingerprint, options, (value) => change({a: value}), null),
            askew.choice("the other", "b", b?.fingerprint, options, (value) => change({b: value}), null)) : null,
          judges.length > 1 && a !== b ? await comparison(a, b, parameters)
            : askew.empty("There is one judge here. A second one, or you on an answer’s page, can disagree with it.", "askew judge RUN --judge MODEL")),
        judges.map((_, index) => panel(index)),
      ];
    },
  };
})();
