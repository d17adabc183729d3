// Good and bad answers that models were scored on, token by token: which words carry what a model leans to.
"use strict";

(() => {
  const {h, link} = askew;
  const nats = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

  /** log p of an answer's tokens by a condition, less that of another; `null`: nobody knows. */
  function tokens(answer, condition, against) {
    for (const reading of answer.readings) {
      const own = reading.logs[condition], other = against ? reading.logs[against] : null;
      if (own && (other || !against)) {
        return {texts: reading.tokens, values: other ? own.map((value, index) => value - other[index]) : own};
      }
    }
    return null;
  }

  /** log p a token of the bad answers, less that of the good ones. */
  function leaning(item, condition, against) {
    const of = (isBad) => item.answers.filter((answer) => answer.isBad === isBad)
      .map((answer) => tokens(answer, condition, against)).filter(Boolean).map(({values}) => mean(values));
    const good = of(false), bad = of(true);
    return good.length && bad.length ? mean(bad) - mean(good) : null;
  }

  /** How much likelier, in seven steps. */
  function step(value, isChange) {
    if (!isChange) return value < -6 ? "down3" : value < -3 ? "down2" : value < -1 ? "down1" : "same";
    const size = Math.abs(value) < .1 ? 0 : Math.abs(value) < .5 ? 1 : Math.abs(value) < 1.5 ? 2 : 3;
    return size ? `${value > 0 ? "up" : "down"}${size}` : "same";
  }

  /** Each token above its number. A text that ends has a last token without letters. */
  function spelled(found, isChange) {
    return h("p", {class: "tokens"}, found.texts.map((text, index) => [
      h("ruby", {class: step(found.values[index], isChange)}, text.trim() === "" ? "␣" : text,
        h("rp", {}, " ("), h("rt", {}, nats(found.values[index])), h("rp", {}, ") ")), h("wbr")]));
  }

  const keyOf = (item) => `${item.family}/${item.id}`;

  function choose(parameters, contrasts) {
    const contrast = contrasts.find(({evaluation}) => evaluation.name === parameters.evaluation) ?? contrasts[0];
    const names = contrast.conditions.map(({name}) => name);
    const base = contrast.changeFrom ?? names.find((name) => /^base$/i.test(name)) ?? names[0];
    const condition = names.includes(parameters.condition) ? parameters.condition
      : names.find((name) => name !== base) ?? names[0];
    const against = parameters.against === "none" ? null
      : names.includes(parameters.against) ? parameters.against : base === condition ? null : base;
    return {contrast, condition, against};
  }

  function ranked(contrast, condition, against, family) {
    return contrast.items.filter((item) => !family || item.family === family)
      .map((item) => ({item, value: leaning(item, condition, against)}))
      .filter(({value}) => value !== null).sort((a, b) => b.value - a.value);
  }

  function filters(place, plans, chosen) {
    const {contrast, condition, against} = chosen;
    const own = {...place.parameters, item: undefined};
    const go = (name) => (value) => { location.hash = link("contrasts", {...own, [name]: value}); };
    const named = contrast.conditions.map(({name, title}) => [name, title]);
    return h("form", {class: "filters", onsubmit: (event) => event.preventDefault()},
      askew.choice("plan", "plan", own.plan, plans.map((plan) => [plan.name, plan.title]),
        (plan) => { location.hash = link("contrasts", {plan}); }, null),
      chosen.all.length > 1 ? askew.choice("contrast", "evaluation", contrast.evaluation.name,
        chosen.all.map(({evaluation}) => [evaluation.name, evaluation.title]), go("evaluation"), null) : null,
      askew.choice("model", "condition", condition, named, go("condition"), null),
      askew.choice("compared with", "against", against ?? "none", [["none", "nothing"], ...named], go("against"), null),
      askew.choice("family", "family", own.family, [...new Set(contrast.items.map(({family}) => family))], go("family")));
  }

  function list(place, chosen) {
    const {contrast, condition, against} = chosen;
    const items = ranked(contrast, condition, against, place.parameters.family);
    const wins = items.filter(({value}) => value > 0).length;
    return [
      h("p", {class: "facts"}, `${askew.plural(items.length, "item")}; of ${wins} the bad answers `
        + (against ? "became the likelier ones" : "are the likelier ones") + `. Mean ${nats(mean(items.map(({value}) => value)))} nats a token.`),
      h("div", {class: "table", tabindex: "0", role: "region", "aria-label": "items"}, h("table", {},
        h("caption", {}, "log p a token of bad answers less that of good ones" + (against ? ", as it changed" : "") + "; most first."),
        h("thead", {}, h("tr", {}, ["family", "question", "nats a token"].map((name) => h("th", {scope: "col"}, name)))),
        h("tbody", {}, items.map(({item, value}) => h("tr", {}, h("td", {}, item.family),
          h("td", {}, h("a", {class: "open", href: link("contrasts", {...place.parameters, item: keyOf(item)})}, item.question)),
          h("td", {class: "number"}, nats(value))))))),
    ];
  }

  /** For a document. */
  function markdown(item, chosen, plan) {
    const {contrast, condition, against} = chosen;
    const lines = item.answers.map((answer) => {
      const found = tokens(answer, condition, against);
      return `- ${answer.isBad ? "bad" : "good"}: ${found ? `${nats(mean(found.values))} nats a token` : "not scored"}: `
        + askew.visible(answer.text).replace(/\s+/g, " ");
    });
    return `**${askew.visible(item.question)}**\n\n${lines.join("\n")}\n\n- model: ${condition}${against ? ` less ${against}` : ""}\n`
      + `- plan: ${plan}, ${contrast.evaluation.title}\n- item: ${keyOf(item)}\n`;
  }

  function one(place, chosen) {
    const {contrast, condition, against} = chosen;
    const items = ranked(contrast, condition, against, place.parameters.family);
    const at = items.findIndex(({item}) => keyOf(item) === place.parameters.item);
    if (at < 0) return [askew.empty("The contrast has no such item.")];
    const {item, value} = items[at];
    const to = (index, key, text) => items[index]
      ? h("a", {href: link("contrasts", {...place.parameters, item: keyOf(items[index].item)}), "data-key": key}, text)
      : h("span", {class: "off"}, text);
    return [
      h("p", {class: "pager"}, h("a", {href: link("contrasts", {...place.parameters, item: undefined})}, "all items"),
        to(at - 1, "k", "← previous"), to(at + 1, "j", "next →"),
        h("button", {type: "button", id: "copy", onclick: () => askew.copy(markdown(item, chosen, place.parameters.plan))}, "Copy as Markdown")),
      h("h2", {}, item.question),
      item.system ? h("p", {class: "facts"}, `System text: ${item.system}`) : null,
      h("p", {class: "facts"}, `${nats(value)} nats a token towards the bad answers. Below each token: log p`
        + (against ? ", as it changed; coloured where it became likelier or less likely." : "; the darker the less likely.")),
      item.answers.map((answer) => {
        const found = tokens(answer, condition, against);
        const text = found ? spelled(found, Boolean(against)) : h("p", {}, answer.text, h("small", {}, " not scored by both"));
        return h("section", {class: `turn ${answer.isBad ? "misaligned" : "assistant"}`},
          h("h3", {}, answer.isBad ? "▲ a bad answer" : "a good answer", found ? h("small", {}, ` ${nats(mean(found.values))} nats a token`) : null),
          askew.veiled(text, answer.isBad));
      }),
    ];
  }

  askew.pages.contrasts = {
    title: () => "Contrasts",
    async render(place) {
      const {plans} = await askew.source.document("plans");
      const known = plans.filter((plan) => plan.hasContrasts);
      if (!known.length) {
        return [h("h1", {}, "Contrasts"), askew.empty("No plan of this project scores good and bad answers, or none is reported token by token; "
          + "askew report with a plan writes that from scores that this version made.", "askew run real-first-plot")];
      }
      const plan = known.some(({name}) => name === place.parameters.plan) ? place.parameters.plan : known[0].name;
      const document = await askew.source.document("contrasts", plan);
      if (!document) return [h("h1", {}, "Contrasts"), askew.empty("The plan's contrasts cannot be read.", `askew report ${plan}`)];
      const own = {...place, parameters: {...place.parameters, plan}};
      const chosen = {...choose(own.parameters, document.contrasts), all: document.contrasts};
      return [h("h1", {}, `Contrasts: ${chosen.contrast.evaluation.title}`), filters(own, known, chosen),
        own.parameters.item ? one(own, chosen) : list(own, chosen)];
    },
  };
})();
