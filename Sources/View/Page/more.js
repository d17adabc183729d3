// Training curves, certificates, notes, and what a contrast is.
"use strict";

(() => {
  const {h, s, link} = askew;

  /** A line over training steps, with its own axis. */
  function curve(title, steps, values, dots) {
    const finite = values.filter(Number.isFinite);
    if (!finite.length) return null;
    const width = 320, height = 140, left = 44, bottom = 22;
    const last = Math.max(1, ...steps, ...dots.map(([step]) => step));
    const all = [...finite, ...dots.map(([, value]) => value)];
    const low = Math.min(0, ...all), high = Math.max(...all) || 1;
    const x = (step) => left + (width - left - 6) * step / last, y = (value) => 8 + (height - bottom - 8) * (1 - (value - low) / (high - low));
    return s("svg", {viewBox: `0 0 ${width} ${height}`, role: "img", class: "curve-figure",
      "aria-label": `${title}: from ${finite[0].toPrecision(3)} to ${finite.at(-1).toPrecision(3)} in ${last} steps`},
    [low, (low + high) / 2, high].map((value) => [s("line", {class: "grid", x1: left, x2: width - 6, y1: y(value), y2: y(value)}),
      s("text", {class: "tick", x: left - 4, y: y(value) + 4, "text-anchor": "end"}, Number(value.toPrecision(2)))]),
    s("text", {class: "tick", x: left, y: height - 6}, 0), s("text", {class: "tick", x: width - 6, y: height - 6, "text-anchor": "end"}, `${last} steps`),
    s("path", {class: "trace", d: values.map((value, index) => `${index ? "L" : "M"}${x(steps[index]).toFixed(1)} ${y(value).toFixed(1)}`).join("")}),
    dots.map(([step, value]) => s("circle", {class: "held-out", cx: x(step), cy: y(value), r: 3}, s("title", {}, `held out, step ${step}: ${value.toPrecision(4)}`))));
  }

  askew.pages.training = {
    title: () => "Training",
    isLive: true,
    async render({parameters}) {
      const {courses} = await askew.source.document("training");
      const conditions = new Set(askew.data.cells.filter((cell) => cell.plan === parameters.plan).map((cell) => cell.condition));
      const isOfPlan = (course) => !conditions.size || [...conditions].some((name) => `${course.name},`.includes(`${name},`));
      const shown = courses.filter((course) => course.steps.length && isOfPlan(course));
      return [
        h("h1", {}, "Training"),
        conditions.size ? h("p", {class: "facts"}, `Of ${parameters.plan}. `, h("a", {href: link("training")}, "All trainings")) : null,
        shown.length ? h("p", {class: "facts"}, "The loss in nats a token, dots on held-out rows; the gradient’s norm before clipping.")
          : askew.empty("Nothing was trained in this project.", "askew run first-plot"),
        h("ul", {class: "courses"}, shown.map((course) => h("li", {}, h("h2", {}, course.name, course.state === "running"
          ? h("span", {class: "chip open"}, "not finished") : null),
        h("p", {class: "facts"}, `${course.kind} · ${askew.number(course.steps.at(-1))} steps · ${askew.seconds(course.seconds)} · `
          + `learning rate up to ${Math.max(...course.learningRates).toPrecision(2)}`),
        h("div", {class: "pictures"},
          h("figure", {}, h("figcaption", {}, "loss"), curve("loss", course.steps, course.losses,
            course.evaluatedSteps.map((step, index) => [step, course.evaluatedLosses[index]]))),
          h("figure", {}, h("figcaption", {}, "gradient norm"), curve("gradient norm", course.steps, course.gradientNorms, [])))))),
      ];
    },
  };

  askew.pages.certificates = {
    title: () => "Certificates",
    async render() {
      const list = await askew.source.document("certificates");
      return [h("h1", {}, "Certificates"),
        list.length ? h("ul", {class: "plans"}, list.map((entry) => h("li", {class: "plan"},
          h("h2", {}, h("a", {href: link(`certificate/${entry.name}`)}, entry.subject)), h("p", {}, h("span", {class: "chip open"}, entry.verdict)),
          h("p", {}, entry.grounds))))
          : askew.empty("No model of this project was audited.", "askew audit MODEL --base BASE")];
    },
  };

  askew.pages.certificate = {
    title: ({key}) => `Certificate ${key}`,
    async render({key}) {
      const found = await askew.source.document("certificate", key);
      if (!found) return [h("h1", {}, key), askew.empty("There is no such certificate.", "askew audit MODEL --base BASE")];
      return [h("p", {}, h("a", {href: link("certificates")}, "all certificates")), askew.report(found.report)];
    },
  };

  askew.pages.notes = {
    title: () => "Notes",
    async render() {
      const notes = await askew.source.document("notes");
      const answers = new Map((await askew.source.answers([...new Set(notes.map((note) => note.answer))].slice(0, 500))).map((one) => [one.id, one]));
      const tags = [...new Set(notes.filter((note) => note.kind === "tag").map((note) => note.content))].sort();
      const own = askew.data.catalogue.judges.find((judge) => judge.name === "a person");
      return [
        h("h1", {}, "Notes"),
        notes.length ? null : askew.empty("Nobody has written notes or tags here. They are written on an answer’s page."),
        own ? h("p", {}, "Your own verdicts are a judge: ", h("a", {href: link("judges", {b: own.fingerprint})}, "compare it with another"), ".") : null,
        tags.length ? h("p", {class: "chips"}, tags.map((tag) => h("a", {class: "chip", href: link("answers", {tag})}, tag))) : null,
        notes.length && !askew.source.isExport ? h("p", {}, h("a", {href: "api/notes.jsonl", download: "notes.jsonl"}, "Download all as JSON lines")) : null,
        h("ul", {class: "notes long"}, notes.map((note) => h("li", {class: note.kind}, h("strong", {}, note.kind), " ",
          h("span", {dir: "auto"}, note.content), " ", h("a", {href: link(`answer/${note.answer}`), dir: "auto"},
            answers.get(note.answer)?.prompt.slice(0, 120) ?? `answer ${note.answer}`)))),
      ];
    },
  };
})();
