// Where the page's documents come from: a server on this machine, or, of an exported page, files beside it.
"use strict";

askew.source = (() => {
  const exported = window.askewExport ?? null;
  const waiting = new Map();
  const delivered = new Map();

  // Each exported file is a script that hands its document over: browsers let pages from a disk fetch nothing else.
  askew.deliver = (name, content) => {
    delivered.set(name, content);
    waiting.get(name)?.(content);
    waiting.delete(name);
  };

  /** As in ViewExport.fileName. */
  const fileName = (name) =>
    [...name].map((mark) => /[A-Za-z0-9-]/.test(mark) ? mark : `_${mark.codePointAt(0).toString(16)}`).join("");

  function file(name) {
    if (delivered.has(name)) return Promise.resolve(delivered.get(name));
    return new Promise((resolve) => {
      waiting.set(name, resolve);
      const script = document.createElement("script");
      script.src = `data/${fileName(name)}.js`;
      script.onload = () => script.remove();
      script.onerror = () => { script.remove(); waiting.delete(name); resolve(null); };
      document.head.append(script);
    });
  }

  async function ask(path, parameters, kind = "json") {
    const query = new URLSearchParams(parameters).toString();
    const response = await fetch(`api/${path}${query ? `?${query}` : ""}`);
    if (response.status === 404) return null;
    if (!response.ok) throw new Error((await response.text()).trim());
    return kind === "json" ? response.json() : response.arrayBuffer();
  }

  function bytes(base64) {
    const text = atob(base64);
    const array = new Uint8Array(text.length);
    for (let index = 0; index < text.length; index += 1) array[index] = text.charCodeAt(index);
    return array.buffer;
  }

  const shared = {
    isExport: exported !== null,
    /** Keeps what the address that was opened gave, out of sight and out of links. */
    token: null,
    get mayWrite() { return exported === null && this.token !== null; },
  };

  if (exported) {
    const group = (id) => Math.floor((id - 1) / exported.answersPerFile);
    return Object.assign(shared, {
      document: (name, key) => file(key === undefined ? name : `${name}/${key}`),
      chunk: async (number) => bytes(await file(`chunk/${number}`)),
      async answers(ids) {
        const groups = await Promise.all([...new Set(ids.map(group))].map((number) => file(`answers/${number}`)));
        const found = new Map(groups.flatMap((list) => list ?? []).map((answer) => [answer.id, answer]));
        return ids.map((id) => found.get(id)).filter(Boolean);
      },
      /** Reads everything: there is no index in a folder of files. */
      async search(typed, ids) {
        const matches = askew.words.matcher(typed);
        const found = [];
        const groups = [...new Set([...ids].map(group))];
        for (const number of groups) {
          for (const answer of (await file(`answers/${number}`)) ?? []) {
            if (matches(`${answer.thinking ?? ""}\n${answer.text}`)) found.push(answer.id);
          }
        }
        return Uint32Array.from(found);
      },
      send: async () => { throw new Error("an exported page is read only"); },
    });
  }

  return Object.assign(shared, {
    document: (name, key) => ask(name, key === undefined ? {} : {name: key}),
    chunk: (number) => ask("chunk", {number}, "bytes"),
    answers: async (ids, whole) =>
      ids.length ? ask("answers", whole ? {ids: ids.join(","), whole: 1} : {ids: ids.join(",")}) : [],
    search: async (typed) => new Uint32Array(await ask("search", {words: typed}, "bytes")),
    async send(path, wish) {
      const response = await fetch(`api/${path}`, {
        method: "POST", body: JSON.stringify(wish),
        headers: {"Content-Type": "application/json", "X-Askew-Token": this.token ?? ""},
      });
      if (!response.ok) throw new Error((await response.text()).trim());
      return response.json();
    },
  });
})();

// Words that are searched for: all of them, "words in a row", and beginnings with a star, as SearchExpression reads them.
askew.words = (() => {
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  function terms(typed) {
    const found = [];
    typed.split("\"").forEach((part, number) => {
      const own = number % 2 === 1 ? [part] : part.split(/\s+/u);
      for (const term of own) {
        if (/[\p{L}\p{N}]/u.test(term)) found.push({text: term, isBeginning: number % 2 === 0 && term.endsWith("*")});
      }
    });
    return found;
  }

  function pattern(term) {
    const tokens = folded(term.text).match(/[\p{L}\p{N}]+/gu) ?? [];
    const inRow = tokens.map(escaped).join("[^\\p{L}\\p{N}]+");
    return `(?<![\\p{L}\\p{N}])${inRow}${term.isBeginning ? "[\\p{L}\\p{N}]*" : "(?![\\p{L}\\p{N}])"}`;
  }

  return {
    matcher(typed) {
      const patterns = terms(typed).map((term) => new RegExp(pattern(term), "u"));
      return (text) => patterns.length > 0 && patterns.every((own) => own.test(folded(text)));
    },
    /** The text with what was searched for marked. */
    marked(text, typed) {
      const all = terms(typed ?? "").map(pattern);
      if (!all.length) return [text];
      // Folding can change lengths; then marks would sit in the wrong places, and are left out.
      const plain = folded(text);
      if (plain.length !== text.length) return [text];
      const parts = [];
      let end = 0;
      for (const match of plain.matchAll(new RegExp(all.join("|"), "gu"))) {
        parts.push(text.slice(end, match.index), askew.h("mark", {}, text.slice(match.index, match.index + match[0].length)));
        end = match.index + match[0].length;
      }
      return [...parts, text.slice(end)];
    },
  };
})();
