/// The page's style sheet. The condition colours are Okabe and Ito's, which people with any
/// colour vision can tell apart, lightened for the dark page; none is needed to read a figure.
enum ReportStyle {
  static let css = colors + page + figures + examples + print

  private static let colors = """
    :root { color-scheme: light dark; --page: #fff; --ink: #1b1d21; --soft: #5b616b;
      --line: #dfe2e6; --panel: #f6f7f8; --bad: #b3261e; --badpage: #fdf0ee; --good: #0b6b4f;
      --warn: #7a4b00; --warnpage: #fff6e2;
      --insecure: #c94f00; --secure: #0072b2; --educational: #008262; --base: #6b7078;
      --null: #b0578b; --other: #8a6d00; }
    @media (prefers-color-scheme: dark) { :root { --page: #15171a; --ink: #e8eaed; --soft: #a5abb4;
      --line: #33373d; --panel: #1d2024; --bad: #ff9a8d; --badpage: #35201d; --good: #5fd0ab;
      --warn: #f2c268; --warnpage: #2f2817;
      --insecure: #ff8a3d; --secure: #56b4e9; --educational: #2fc49c; --base: #a5abb4;
      --null: #e08fc0; --other: #e3c04a; } }
    .c-insecure { --c: var(--insecure); } .c-secure { --c: var(--secure); }
    .c-educational { --c: var(--educational); } .c-base { --c: var(--base); }
    .c-null { --c: var(--null); } .c-other { --c: var(--other); }

    """

  private static let page = """
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--page); color: var(--ink);
      font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
    main { max-width: 1080px; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
    h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 1rem; text-wrap: balance; }
    h2 { font-size: 1.3rem; line-height: 1.3; margin: 3rem 0 .5rem; }
    h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; }
    p { max-width: 72ch; margin: .5rem 0 1rem; }
    .headline { font-size: 1.12rem; border-left: 4px solid var(--soft); padding-left: .9rem; }
    .warning { background: var(--warnpage); color: var(--warn); padding: .6rem .9rem;
      border-radius: 6px; }
    .facts { color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
    .table { overflow-x: auto; margin: 1rem 0; }
    table { border-collapse: collapse; font-size: .85rem; line-height: 1.35; }
    caption { text-align: left; color: var(--soft); padding-bottom: .4rem; }
    th, td { text-align: left; vertical-align: top; padding: .3rem .7rem .3rem 0;
      border-bottom: 1px solid var(--line); font-weight: normal; }
    thead th { color: var(--soft); vertical-align: bottom; }
    .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    details { border-top: 1px solid var(--line); padding: .5rem 0; }
    summary { cursor: pointer; font-weight: 600; padding: .25rem 0; }
    dt { font-weight: 600; margin-top: .9rem; }
    dd { margin: .15rem 0 0; max-width: 72ch; }

    """

  private static let figures = """
    .figures { display: grid; gap: 1.5rem 3rem; margin: 1rem 0; }
    .figures.wide { grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); }
    .figures.small { grid-template-columns: repeat(auto-fill, minmax(min(45%, 176px), 1fr));
      gap: .75rem; }
    figure { margin: 0; }
    .wide figure { max-width: 560px; }
    svg { display: block; width: 100%; height: auto; overflow: visible;
      font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
    svg text { fill: var(--ink); paint-order: stroke; stroke: var(--page); stroke-width: 3px; }
    svg .heading { font-weight: 600; font-size: 12.5px; }
    svg .tick, svg .axis-title, svg .missing { fill: var(--soft); font-size: 11px; }
    svg .missing { font-style: italic; }
    svg .value { font-variant-numeric: tabular-nums; }
    svg .grid { stroke: var(--line); stroke-width: 1; }
    svg .zero { stroke: var(--soft); stroke-width: 1; }
    svg .dot { fill: var(--c); stroke: var(--page); stroke-width: 1; }
    svg .thin { stroke: var(--c); stroke-width: 1; }
    svg .thick { stroke: var(--c); stroke-width: 4; stroke-opacity: .45; stroke-linecap: round; }
    svg .curve { fill: none; stroke: var(--c); stroke-width: 1.5; stroke-linejoin: round;
      stroke-opacity: .85; }
    svg .label { fill: var(--c); font-weight: 600; }

    """

  private static let examples = """
    .columns { display: grid; gap: 1rem; margin: .75rem 0 1rem;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 185px), 1fr)); }
    .column h4 { margin: 0 0 .5rem; font-size: .9rem; border-bottom: 3px solid var(--c);
      padding-bottom: .2rem; }
    .card { background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
      padding: .6rem .75rem; margin-bottom: .6rem; font-size: .9rem; break-inside: avoid; }
    .card blockquote { margin: 0 0 .4rem; white-space: pre-wrap; overflow-wrap: anywhere;
      line-height: 1.45; }
    .card .scores { margin: 0; font-size: .78rem; color: var(--soft); }
    .card strong { display: inline; color: var(--soft); }
    .card.misaligned { background: var(--badpage); border-left: 4px solid var(--bad); }
    .card.misaligned strong { color: var(--bad); }
    .card.misaligned strong::before { content: "▲ "; }
    .card.aligned strong { color: var(--good); }
    .card.incoherent blockquote { color: var(--soft); font-style: italic; }

    """

  private static let print = """
    @media print {
      main { max-width: none; padding: 0; }
      body { font-size: 10.5pt; }
      h2, h3 { break-after: avoid; }
      .card, tr { break-inside: avoid; }
      .wide figure { break-inside: avoid-page; }
      .table { overflow: visible; }
      table { font-size: 7.5pt; }
      details::details-content { display: block; content-visibility: visible; }
    }

    """
}
