// What every part of the page is made with. What models wrote becomes text nodes here, and never markup.
"use strict";

window.askew = (() => {
  const svgSpace = "http://www.w3.org/2000/svg";

  function append(element, children) {
    for (const child of children.flat(Infinity)) {
      if (child === null || child === undefined || child === false) continue;
      element.append(child instanceof Node ? child : document.createTextNode(visible(String(child))));
    }
    return element;
  }

  function set(element, properties) {
    for (const [name, value] of Object.entries(properties ?? {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value === true) element.setAttribute(name, "");
      else element.setAttribute(name, String(value));
    }
    return element;
  }

  /** An element with attributes, listeners (`onclick`) and children; strings become text. */
  const h = (name, properties, ...children) =>
    append(set(document.createElement(name), properties), children);

  /** The same for pictures. */
  const s = (name, properties, ...children) =>
    append(set(document.createElementNS(svgSpace, name), properties), children);

  /** Characters that cannot be seen, or that would change the order of what stands beside them, as visible marks. */
  function visible(text) {
    return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g, (mark) => {
      const code = mark.codePointAt(0);
      if (code < 0x20) return String.fromCodePoint(0x2400 + code);
      return code === 0x7f ? "\u2421" : `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
    });
  }

  // What a report may consist of. It is our own program's, with all text in it escaped; whatever else might be in it is
  // left out all the same.
  const allowed = new Set(
    ("HEADER SECTION DIV P H1 H2 H3 H4 TABLE CAPTION THEAD TBODY TR TH TD DETAILS SUMMARY DL DT DD BLOCKQUOTE STRONG EM "
      + "CODE PRE UL OL LI FIGURE FIGCAPTION SPAN BR SUB SUP SVG G PATH LINE RECT CIRCLE ELLIPSE POLYLINE POLYGON TEXT TSPAN "
      + "TITLE DESC").split(" "));
  const attributes = new Set(
    ("class scope colspan rowspan open role lang id viewBox width height x y x1 x2 y1 y2 cx cy r rx ry d points transform dx "
      + "dy fill stroke stroke-width stroke-dasharray stroke-opacity fill-opacity opacity text-anchor dominant-baseline "
      + "font-size aria-label aria-hidden aria-labelledby preserveAspectRatio").split(" "));

  function rebuilt(node) {
    if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(visible(node.data));
    if (node.nodeType !== Node.ELEMENT_NODE) return null;
    const children = [...node.childNodes].map(rebuilt).filter(Boolean);
    if (node.localName === "a") return append(document.createElement("span"), children);
    if (!allowed.has(node.localName.toUpperCase())) return null;
    const own = document.createElementNS(
      node.namespaceURI === svgSpace ? svgSpace : "http://www.w3.org/1999/xhtml", node.localName);
    for (const attribute of node.attributes) {
      if (attributes.has(attribute.name)) own.setAttribute(attribute.name, attribute.value);
    }
    return append(own, children);
  }

  /** The content of a report's page, built anew from what is allowed. */
  function adopted(page) {
    const start = page.indexOf("<main>"), end = page.lastIndexOf("</main>");
    const parsed = new DOMParser().parseFromString(page.slice(start + 6, end), "text/html");
    return append(h("div", {class: "report"}), [...parsed.body.childNodes].map(rebuilt).filter(Boolean));
  }

  function said(text) {
    const place = document.getElementById("said");
    place.textContent = text;
    clearTimeout(said.timer);
    said.timer = setTimeout(() => { place.textContent = ""; }, 6000);
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Pages from a disk may not use the clipboard's own interface.
      const field = h("textarea", {"aria-label": "text to copy"});
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    said("Copied.");
  }

  /** Remembered by this browser; a browser that remembers nothing is as good. */
  const memory = {
    get(name) { try { return localStorage.getItem(`askew.${name}`); } catch { return null; } },
    set(name, value) {
      try {
        if (value === null) localStorage.removeItem(`askew.${name}`);
        else localStorage.setItem(`askew.${name}`, value);
      } catch { /* nothing is remembered */ }
    },
  };

  const number = (value) => value.toLocaleString("en");
  const score = (value) =>
    value === null || value === undefined || Number.isNaN(value) ? "–" : String(Math.round(value * 10) / 10);
  const plural = (count, word) => `${number(count)} ${word}${count === 1 ? "" : "s"}`;

  function seconds(value) {
    if (value < 90) return `${Math.round(value)} s`;
    return value < 5400 ? `${Math.round(value / 60)} min` : `${(value / 3600).toFixed(1)} h`;
  }

  return {h, s, append, adopted, visible, said, copy, memory, number, score, plural, seconds, pages: {}};
})();
