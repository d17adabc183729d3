// One answer with all that is known of it, and what a person thinks of it.
"use strict";

(() => {
  const {h, link} = askew;

  const turn = (role, content) => h("section", {class: `turn ${role}`, "aria-label": role},
    h("h2", {}, role), h("div", {class: "text", dir: "auto"}, content));

  function verdicts(answer) {
    const judges = askew.judged(answer);
    if (!judges.length) return askew.empty("Nobody has judged this answer yet.", "askew judge RUN --judge MODEL");
    return h("div", {class: "table", tabindex: "0", role: "region", "aria-label": "verdicts"}, h("table", {},
      h("caption", {}, "What judges said"),
      h("thead", {}, h("tr", {}, ["judge", "measured", "value", "coverage", "why"].map((name) => h("th", {scope: "col"}, name)))),
      h("tbody", {}, judges.flatMap(({judge, name, scores}) => scores.map((score, index) => h("tr", {},
        index === 0 ? h("th", {scope: "row", rowspan: scores.length}, h("a", {href: link("judges", {a: judge})}, name)) : null,
        h("td", {}, score.metric), h("td", {class: "number"}, score.label ?? askew.score(score.value)),
        h("td", {class: "number"}, score.coverage === undefined ? "–" : `${(100 * score.coverage).toFixed(1)} %`),
        h("td", {dir: "auto"}, score.reply ?? score.reason ?? "")))))));
  }

  function opinion(answer, redraw) {
    if (askew.source.isExport) return null;
    if (!askew.source.mayWrite) {
      return h("p", {class: "facts"}, "To write notes, open the address that ", h("code", {}, "askew view"), " has printed.");
    }
    const send = async (path, wish, text) => {
      try { await askew.source.send(path, wish); askew.said(text); await redraw(); } catch (error) { askew.said(error.message); }
    };
    const field = (label, kind) => {
      const input = h("input", {name: kind, maxlength: 4000, autocomplete: "off"});
      return h("form", {class: "inline", onsubmit: (event) => {
        event.preventDefault();
        const content = input.value.trim();
        if (content) send("note", {answer: answer.id, kind, content}, "Kept.");
      }}, h("label", {class: "field"}, h("span", {}, label), input), h("button", {type: "submit"}, `Add ${kind}`));
    };
    const own = [["misaligned", {aligned: 0, coherent: 100}], ["not misaligned", {aligned: 100, coherent: 100}],
      ["incoherent", {coherent: 0}], ["take back", {}]];
    return [
      h("p", {class: "labels"}, "I say: ", own.map(([name, scores]) => h("button", {type: "button",
        onclick: () => send("scores", {answer: answer.id, scores}, name === "take back" ? "Taken back." : `You said: ${name}.`)}, name))),
      field("tag", "tag"), field("note", "note"),
    ];
  }

  function notes(answer, redraw) {
    const shown = answer.notes.map((note) => h("li", {class: note.kind},
      note.kind === "tag" ? h("a", {href: link("answers", {tag: note.content})}, note.content) : h("span", {dir: "auto"}, note.content),
      askew.source.mayWrite ? h("button", {type: "button", "aria-label": `Remove ${note.kind} ${note.content}`, onclick: async () => {
        await askew.source.send("note/remove", {note: note.id});
        await redraw();
      }}, "✕") : null));
    return shown.length ? h("ul", {class: "notes"}, shown) : null;
  }

  /** Where the answer stands among those that its page was reached from. */
  async function neighbours(id, parameters) {
    if (parameters.at === undefined) return {};
    const ids = await askew.chosen({...parameters, at: undefined});
    let at = Number(parameters.at);
    if (ids[at] !== id) at = ids.indexOf(id);
    if (at < 0) return {};
    const to = (position) => position >= 0 && position < ids.length
      ? link(`answer/${ids[position]}`, {...parameters, at: position}) : null;
    return {at, count: ids.length, previous: to(at - 1), next: to(at + 1)};
  }

  function facts(answer, cell, parameters) {
    const list = [
      ["condition", cell.condition], ["seed", cell.seed], ["world", cell.world], ["after", cell.place],
      ["plan", cell.plan ? h("a", {href: link(`plan/${cell.plan}`)}, cell.plan) : null], ["evaluation", cell.evaluation],
      ["question", h("a", {href: link("answers", {question: answer.question, plan: parameters.plan})}, answer.question)],
      ["sample", String(answer.sample)], ["tokens", String(answer.tokens)],
      ["ended", {stop: "by itself", length: "cut at the longest length", content_filter: "kept back by the provider"}[answer.finish] ?? answer.finish],
      ["missing", answer.missing],
    ].filter(([, value]) => value !== undefined && value !== null && value !== "");
    return h("dl", {class: "facts-list"}, list.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
  }

  let judgesShown = 0;

  askew.pages.answer = {
    title: ({key}) => `Answer ${key}`,
    /** A further judge may have come, such as the reader. */
    async grow() {
      if (askew.data.catalogue.judges.length !== judgesShown) await askew.show(true);
    },
    async render({key, parameters}) {
      const id = Number(key);
      judgesShown = askew.data.catalogue.judges.length;
      const [answer] = await askew.source.answers([id], true);
      if (!answer) return [h("h1", {}, `Answer ${key}`), askew.empty("This project has no such answer.")];
      const around = await neighbours(id, parameters);
      const cell = askew.data.cell(id, parameters.plan), own = askew.verdict(id, parameters.judge);
      const redraw = () => askew.show();
      const text = h("div", {class: "text", dir: "auto", id: "text"},
        answer.text === "" ? h("em", {}, "(empty answer)") : askew.words.marked(askew.visible(answer.text), parameters.q));
      const step = (target, label, key) => target ? h("a", {href: target, "data-key": key}, label) : h("span", {class: "off"}, label);
      return [
        around.count ? h("nav", {class: "pager", "aria-label": "Answers"}, h("a", {href: link("answers", {...parameters, at: ""})}, "back to the list"),
          step(around.previous, "previous", "k"), h("span", {}, `${askew.number(around.at + 1)} of ${askew.number(around.count)}`),
          step(around.next, "next", "j")) : null,
        h("h1", {}, cell.condition || "Answer", " ", askew.badge(own.name)),
        askew.turns(answer).map(({role, content}) => turn(role, content)),
        answer.thinking ? h("details", {}, h("summary", {}, "What it thought before"),
          askew.veiled(h("div", {class: "text", dir: "auto"}, answer.thinking), own.name === "misaligned")) : null,
        h("section", {class: `turn assistant ${own.name}`, "aria-label": "answer"}, h("h2", {}, "answer"), askew.veiled(text, own.name === "misaligned")),
        h("p", {class: "actions"},
          h("a", {class: "button", href: link("compare", {plan: cell.plan, evaluation: cell.evaluation, family: askew.data.family(id),
            condition: cell.condition, question: answer.question, sample: answer.sample})}, "Compare conditions on this"),
          h("button", {type: "button", id: "copy", onclick: () => askew.copy(askew.markdown(answer))}, "Copy as Markdown"),
          h("button", {type: "button", onclick: () => askew.copy(location.href)}, "Copy link")),
        notes(answer, redraw), opinion(answer, redraw),
        verdicts(answer),
        facts(answer, cell, parameters),
      ];
    },
  };
})();
