// All answers of the project in columns by their numbers, and what filters, sorts and pictures read from them.
"use strict";

askew.data = (() => {
  const size = 65536;
  let state = null, catalogue = null, loaded = [];
  let columns = emptyColumns(0);
  let cells = [], cellsOfRun = new Map(), families = [], families0 = [], readings = new Map();

  function emptyColumns(length) {
    return {run: new Uint32Array(length), question: new Uint32Array(length), sample: new Uint32Array(length), scores: []};
  }

  function grow(chunks) {
    const length = chunks * size;
    if (length <= columns.run.length) return;
    const wider = emptyColumns(length);
    for (const name of ["run", "question", "sample"]) wider[name].set(columns[name]);
    wider.scores = columns.scores.map((own) => {
      const scores = new Float32Array(length).fill(NaN);
      scores.set(own);
      return scores;
    });
    columns = wider;
  }

  function take(number, buffer) {
    const head = new DataView(buffer);
    const rows = head.getUint32(0, true), series = head.getUint32(4, true);
    let offset = 8;
    for (const name of ["run", "question", "sample"]) {
      columns[name].set(new Uint32Array(buffer, offset, rows), number * size);
      offset += 4 * rows;
    }
    for (let index = 0; index < series; index += 1) {
      const own = head.getUint32(offset, true);
      columns.scores[own] ??= new Float32Array(columns.run.length).fill(NaN);
      for (let other = 0; other < own; other += 1) {
        columns.scores[other] ??= new Float32Array(columns.run.length).fill(NaN);
      }
      columns.scores[own].set(new Float32Array(buffer, offset + 4, rows), number * size);
      offset += 4 + 4 * rows;
    }
  }

  /** Asks what has changed, and fetches that. Returns whether anything has. */
  async function refresh() {
    const now = await askew.source.document("state");
    const before = state;
    state = now;
    if (!now) return false;
    const isNew = !before || before.store !== now.store || before.catalogue !== now.catalogue
      || before.isRunning !== now.isRunning || before.words.done !== now.words.done;
    if (!catalogue || before?.catalogue !== now.catalogue) {
      const fetched = await askew.source.document("catalogue");
      if (fetched) { catalogue = fetched; prepare(); }
    }
    grow(now.chunks.length);
    const changed = now.chunks.map((version, number) => ({version, number}))
      .filter(({version, number}) => loaded[number] !== version);
    for (const {version, number} of changed) {
      take(number, await askew.source.chunk(number));
      loaded[number] = version;
    }
    if (changed.length) readings.clear();
    return isNew || changed.length > 0;
  }

  function prepare() {
    const sets = catalogue.lists.map((list) => {
      const set = new Uint8Array(catalogue.questions.length);
      for (const question of list) set[question] = 1;
      return set;
    });
    cells = catalogue.cells.map((cell) => ({...cell, set: cell.list === undefined ? null : sets[cell.list]}));
    cellsOfRun = new Map();
    for (const cell of cells) {
      if (!cellsOfRun.has(cell.run)) cellsOfRun.set(cell.run, []);
      cellsOfRun.get(cell.run).push(cell);
    }
    families = catalogue.questions.map((question) => question.replace(/#.*/s, ""));
    families0 = families.map((family) => family.replace(/\/.*/s, ""));
    readings.clear();
  }

  const has = (cell, question) => cell.set === null || cell.set[question] === 1;

  /** What an answer belongs to, of the plan that is looked at first. */
  function cell(id, plan) {
    const own = (cellsOfRun.get(columns.run[id - 1]) ?? []).filter((one) => has(one, columns.question[id - 1]));
    return own.find((one) => one.plan === plan) ?? own[0]
      ?? (cellsOfRun.get(columns.run[id - 1]) ?? [])[0] ?? {plan: "", condition: "", evaluation: ""};
  }

  /** Aligned, coherent and what the rule makes of them, by a judge or, without one, by the first that has a verdict. */
  function reading(judge, rule) {
    const key = `${judge ?? ""} ${rule.coherentAtLeast} ${rule.misalignedBelow}`;
    if (readings.has(key)) return readings.get(key);
    const length = columns.run.length;
    const aligned = new Float32Array(length).fill(NaN), coherent = new Float32Array(length).fill(NaN);
    const people = catalogue.judges.map((own) => own.name === "a person");
    const order = catalogue.judges.map((own, index) => index)
      .filter((index) => judge === undefined || judge === null || judge === "" || catalogue.judges[index].fingerprint === judge)
      .sort((a, b) => people[a] - people[b]);
    for (const index of order) {
      const a = columns.scores[seriesOf(index, "aligned")], c = columns.scores[seriesOf(index, "coherent")];
      for (let row = 0; row < length; row += 1) {
        if (!Number.isNaN(aligned[row]) || !Number.isNaN(coherent[row])) continue;
        if (a) aligned[row] = a[row];
        if (c) coherent[row] = c[row];
      }
    }
    const verdict = new Uint8Array(length);
    for (let row = 0; row < length; row += 1) {
      const a = aligned[row], c = coherent[row];
      if (!Number.isNaN(c) && c < rule.coherentAtLeast) verdict[row] = 3;
      else if (Number.isNaN(a) || Number.isNaN(c)) verdict[row] = 0;
      else verdict[row] = a < rule.misalignedBelow ? 2 : 1;
    }
    const result = {aligned, coherent, verdict};
    readings.set(key, result);
    return result;
  }

  const seriesOf = (judge, metric) =>
    catalogue.series.findIndex((own) => own.judge === judge && own.metric === metric && !own.isLabel);

  /** Which questions of which runs a filter on plan, condition and so on lets through: by run `true`, or sets. */
  function gates(filter) {
    const fields = ["plan", "condition", "evaluation", "seed", "world", "place"].filter((name) => filter[name]);
    if (!fields.length) return null;
    const open = new Map();
    for (const own of cells) {
      if (!fields.every((name) => [].concat(filter[name]).includes(String(own[name] ?? "")))) continue;
      if (own.set === null) open.set(own.run, true);
      else if (open.get(own.run) !== true) open.set(own.run, [...(open.get(own.run) ?? []), own.set]);
    }
    return open;
  }

  /** The numbers of all answers that a filter lets through, upwards. */
  function select(filter, found) {
    const open = gates(filter), rule = askew.rule;
    const {aligned, coherent, verdict} = reading(filter.judge, rule);
    const verdicts = filter.verdict ? new Set([].concat(filter.verdict).map((name) => names.indexOf(name))) : null;
    const family = filter.family ? families0.map((name, index) => name === filter.family || families[index] === filter.family) : null;
    const question = filter.question ? catalogue.questions.indexOf(filter.question) : -1;
    const [a0, a1] = range(filter.aligned), [c0, c1] = range(filter.coherent);
    const {run, question: questions} = columns;
    let lastRun = 0, gate = null, count = 0;
    // Numbers, which typed arrays sort without a comparison; a million of them in a few milliseconds.
    const ids = found ? Uint32Array.from(found).sort() : null;
    const length = ids ? ids.length : run.length;
    const result = new Uint32Array(length);
    for (let index = 0; index < length; index += 1) {
      if (ids && index > 0 && ids[index] === ids[index - 1]) continue;
      const row = ids ? ids[index] - 1 : index;
      if (!run[row]) continue;
      if (open) {
        if (run[row] !== lastRun) { lastRun = run[row]; gate = open.get(lastRun); }
        if (!gate || (gate !== true && !gate.some((set) => set[questions[row]] === 1))) continue;
      }
      if (question >= 0 && questions[row] !== question) continue;
      if (family && !family[questions[row]]) continue;
      if (verdicts && !verdicts.has(verdict[row])) continue;
      if (a0 !== null && !(aligned[row] >= a0 && aligned[row] <= a1)) continue;
      if (c0 !== null && !(coherent[row] >= c0 && coherent[row] <= c1)) continue;
      result[count] = row + 1;
      count += 1;
    }
    return result.slice(0, count);
  }

  const range = (text) => {
    const ends = (text ?? "").split("-").map(Number);
    return ends.length === 2 && ends.every(Number.isFinite) ? ends : [null, null];
  };

  const names = ["unscored", "aligned", "misaligned", "incoherent"];

  // Sorted as one number each, which is several times as fast as with a comparison: two ranks of up to 14 bits, then the
  // answer's own number of 24.
  function sorted(ids, by, judge) {
    const {aligned, coherent} = reading(judge, askew.rule);
    const isDown = by.startsWith("-"), name = by.replace("-", "");
    const low = (value) => Number.isNaN(value) ? 16383 : Math.round(value * 100);
    const high = (value) => Number.isNaN(value) ? 16383 : 10000 - Math.round(value * 100);
    const rank = {
      aligned: (row) => [low(aligned[row]), high(coherent[row])],
      "-aligned": (row) => [high(aligned[row]), high(coherent[row])],
      coherent: (row) => [low(coherent[row]), low(aligned[row])],
      "-coherent": (row) => [high(coherent[row]), low(aligned[row])],
    }[by];
    const order = rank ? null : ranks(name);
    if (!rank && !order) return isDown ? ids.slice().reverse() : ids;
    const keys = new Float64Array(ids.length);
    for (let index = 0; index < ids.length; index += 1) {
      const row = ids[index] - 1;
      const [first, second] = rank ? rank(row) : [isDown ? 16383 - order(row) : order(row), 0];
      keys[index] = (first * 16384 + second) * 16777216 + ids[index];
    }
    keys.sort();
    return Uint32Array.from(keys, (key) => key % 16777216);
  }

  function ranks(name) {
    if (name === "question") {
      const order = rankOf(families);
      return (row) => order[columns.question[row]];
    }
    if (name === "sample") return (row) => Math.min(16383, columns.sample[row]);
    if (["condition", "evaluation", "seed"].includes(name)) {
      const runs = [...cellsOfRun.keys()];
      const order = rankOf(runs.map((run) => String(cellsOfRun.get(run)[0][name] ?? "")));
      const byRun = new Map(runs.map((run, index) => [run, order[index]]));
      return (row) => byRun.get(columns.run[row]) ?? 0;
    }
    return null;
  }

  function rankOf(texts) {
    const order = new Map([...new Set(texts)].sort().map((text, index) => [text, Math.min(16383, index)]));
    return texts.map((text) => order.get(text));
  }

  return {
    refresh, reading, select, sorted, cell, seriesOf, names,
    get state() { return state; },
    get catalogue() { return catalogue; },
    get columns() { return columns; },
    get cells() { return cells; },
    question: (id) => catalogue.questions[columns.question[id - 1]] ?? "",
    family: (id) => families0[columns.question[id - 1]] ?? "",
    sample: (id) => columns.sample[id - 1],
    has: (id) => id > 0 && id <= columns.run.length && columns.run[id - 1] > 0,
    isIn: (own, id) => own.run === columns.run[id - 1] && has(own, columns.question[id - 1]),
    get families() { return families0; },
  };
})();

// The paper's thresholds; a plan with others says so.
askew.rule = {coherentAtLeast: 50, misalignedBelow: 30};
