/// What a plan's page and the index need besides `ReportStyle`.
enum PlanStyle {
  static let css = """
    :root { --violet: #6b4fb3; --sky: #00828f; --red: #a3333d; --brown: #7d5a3c; }
    @media (prefers-color-scheme: dark) { :root { --violet: #b39bf2; --sky: #4fc7d4;
      --red: #f08c93; --brown: #cda784; } }
    .c-violet { --c: var(--violet); } .c-sky { --c: var(--sky); }
    .c-red { --c: var(--red); } .c-brown { --c: var(--brown); }
    .question { font-size: 1.05rem; color: var(--soft); }
    .asked { color: var(--soft); font-style: italic; white-space: pre-wrap;
      overflow-wrap: anywhere; }
    th[scope="row"], td:not(.number) { min-width: 8rem; overflow-wrap: anywhere; }
    thead .number { white-space: normal; min-width: 3.2rem; }
    .numbers table { font-size: .8rem; }
    .numbers th, .numbers td { padding-right: .55rem; }
    .prediction { border-left: 4px solid var(--soft); background: var(--panel);
      border-radius: 6px; padding: .6rem .9rem; margin: .6rem 0; break-inside: avoid; }
    .prediction p { margin: .15rem 0; max-width: none; }
    .prediction.held { border-color: var(--good); }
    .prediction.held strong { color: var(--good); }
    .prediction.failed { border-color: var(--bad); }
    .prediction.failed strong { color: var(--bad); }
    .prediction.undecidable { border-left-style: dashed; }
    .late { display: inline-block; background: var(--warnpage); color: var(--warn);
      border: 1px solid var(--warn); border-radius: 4px; padding: 0 .4rem; font-size: .85rem; }
    .index table { width: 100%; }
    .index td { max-width: 30rem; }
    svg .band { fill: var(--soft); fill-opacity: .22; stroke: none; }
    svg .band-label { fill: var(--soft); }
    svg .field { fill: var(--c, transparent); }
    svg .heat { fill: var(--c, transparent); stroke: var(--line); stroke-width: 1; }
    svg .level-0 { fill-opacity: 0; } svg .level-1 { fill-opacity: .12; }
    svg .level-2 { fill-opacity: .24; } svg .level-3 { fill-opacity: .36; }
    svg .level-4 { fill-opacity: .5; } svg .level-5 { fill-opacity: .66; }
    svg .field { stroke: none; }
    svg .hatch { stroke: var(--ink); stroke-width: .7; opacity: .45; fill: none; }
    svg .contour { stroke: var(--soft); stroke-width: 1; fill: none; }
    svg .contour.strong { stroke-width: 1.8; }
    svg .ring { fill: none; stroke: var(--c); stroke-width: 1.5; }
    svg .heat-value { stroke: none; font-size: 11px; font-variant-numeric: tabular-nums; }
    svg .by-chance { fill: var(--soft); font-style: italic; }
    a { color: var(--secure); }

    """
}
