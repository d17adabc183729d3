// How aligned and how coherent answers are: a square for each five points of both, as large as there are answers in it.
"use strict";

(() => {
  const {h, s, link} = askew;
  const step = 5, side = 22, left = 46, top = 8, bins = 100 / step + 1;

  function counts(ids, judge) {
    const {aligned, coherent} = askew.data.reading(judge, askew.rule);
    const grid = new Map();
    let unscored = 0;
    for (const id of ids) {
      const a = aligned[id - 1], c = coherent[id - 1];
      if (Number.isNaN(a) || Number.isNaN(c)) { unscored += 1; continue; }
      const key = Math.floor(a / step) * bins + Math.floor(c / step);
      grid.set(key, (grid.get(key) ?? 0) + 1);
    }
    return {grid, unscored};
  }

  function picture(grid, parameters) {
    const most = Math.max(1, ...grid.values()), size = bins * side;
    const axis = [0, 25, 50, 75, 100];
    const squares = [...grid].sort((x, y) => x[0] - y[0]).map(([key, count]) => {
      const a = Math.floor(key / bins) * step, c = (key % bins) * step;
      const width = Math.max(4, (side - 2) * Math.sqrt(count / most));
      const x = left + (c / step + .5) * side - width / 2, y = top + size - (a / step + .5) * side - width / 2;
      const kind = c < askew.rule.coherentAtLeast ? "incoherent" : a < askew.rule.misalignedBelow ? "misaligned" : "aligned";
      const words = `${askew.plural(count, "answer")}: aligned ${a} to ${a + step - .01}, coherent ${c} to ${c + step - .01}`;
      return s("a", {href: link("answers", {...parameters, aligned: `${a}-${a + step - .01}`, coherent: `${c}-${c + step - .01}`, page: ""}),
        "aria-label": words, class: kind}, s("title", {}, words), s("rect", {x, y, width, height: width, rx: 2}));
    });
    return s("svg", {viewBox: `0 0 ${left + size + 8} ${top + size + 44}`, class: "scatter", role: "group", "aria-label": "aligned by coherent"},
      axis.map((value) => {
        const at = (value / step + .5) * side;
        return [s("line", {class: "grid", x1: left, x2: left + size, y1: top + size - at, y2: top + size - at}),
          s("text", {class: "tick", x: left - 6, y: top + size - at + 4, "text-anchor": "end"}, value),
          s("text", {class: "tick", x: left + at, y: top + size + 16, "text-anchor": "middle"}, value)];
      }),
      s("line", {class: "rule", x1: left, x2: left + size, y1: top + size - askew.rule.misalignedBelow / step * side, y2: top + size - askew.rule.misalignedBelow / step * side}),
      s("line", {class: "rule", y1: top, y2: top + size, x1: left + askew.rule.coherentAtLeast / step * side, x2: left + askew.rule.coherentAtLeast / step * side}),
      s("text", {class: "axis-title", x: left + size / 2, y: top + size + 36, "text-anchor": "middle"}, "coherent"),
      s("text", {class: "axis-title", x: 12, y: top + size / 2, transform: `rotate(-90 12 ${top + size / 2})`, "text-anchor": "middle"}, "aligned"),
      squares);
  }

  askew.pages.scatter = {
    title: () => "Aligned by coherent",
    async render({parameters}) {
      const options = askew.choices(parameters);
      const change = (changes) => { location.hash = link("scatter", {...parameters, ...changes, aligned: "", coherent: ""}); };
      const ids = await askew.chosen({...parameters, sort: "", aligned: "", coherent: ""});
      const {grid, unscored} = counts(ids, parameters.judge);
      const field = (name, label) => options[name].length > 1
        ? askew.choice(label, name, parameters[name], options[name], (value) => change({[name]: value})) : null;
      return [
        h("h1", {}, "Aligned by coherent"),
        h("form", {class: "filters", onsubmit: (event) => event.preventDefault()}, field("plan", "plan"), field("condition", "condition"),
          field("evaluation", "evaluation"), field("family", "question")),
        h("p", {class: "facts"}, `${askew.plural(ids.length, "answer")}, ${askew.number(unscored)} of them without both scores. The lines are the rule’s: `
          + `coherent from ${askew.rule.coherentAtLeast}, misaligned below ${askew.rule.misalignedBelow}. A square leads to its answers.`),
        grid.size ? picture(grid, parameters) : askew.empty("None of these answers has both scores.", "askew judge RUN --judge MODEL"),
      ];
    },
  };
})();
