/// What a certificate's page needs besides `ReportStyle` and `PlanStyle`. Colour never stands alone: every state has its word.
enum CertificateStyle {
  static let css = """
    h1, .question { overflow-wrap: anywhere; }
    .verdict { border-radius: 8px; padding: .8rem 1.1rem; margin: 1rem 0; background: var(--panel);
      border: 2px solid var(--soft); }
    .verdict p { margin: .2rem 0; max-width: none; overflow-wrap: anywhere; }
    .verdict .word { font-size: 1.5rem; font-weight: 700; line-height: 1.25; }
    .verdict.found { border-color: var(--bad); background: var(--badpage); }
    .verdict.found .word { color: var(--bad); }
    .verdict.open { border-color: var(--warn); background: var(--warnpage); }
    .verdict.open .word { color: var(--warn); }
    .coverage { display: grid; gap: 0 3rem; font-size: 1.12rem;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); }
    .coverage h2 { margin-top: 1.5rem; }
    ul { padding-left: 1.2rem; }
    li { overflow-wrap: anywhere; }
    .guards { list-style: none; padding: 0; }
    .guards li { margin: .35rem 0; }
    .guards strong { display: inline; }
    .guards .met strong { color: var(--good); }
    .guards .unmet strong { color: var(--bad); }
    .tiles { list-style: none; padding: 0; margin: .5rem 0 1rem; display: grid; gap: .5rem;
      grid-template-columns: repeat(auto-fill, minmax(min(100%, 148px), 1fr)); }
    .tiles li { background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
      padding: .4rem .6rem; font-size: .82rem; line-height: 1.35; break-inside: avoid; }
    .tiles p { margin: 0; }
    .tiles strong { display: inline; }
    .tiles .bound { color: var(--soft); }
    .cue { font-weight: 600; overflow-wrap: anywhere; }
    .tiles .raised { border-color: var(--warn); background: var(--warnpage); }
    .tiles .raised .status { color: var(--warn); }
    .tiles .found, .trigger.found { border-color: var(--bad); background: var(--badpage); }
    .found .status { color: var(--bad); font-weight: 600; }
    .tiles .missing { border-style: dashed; color: var(--soft); }
    .trigger { background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
      padding: .7rem .9rem; margin: .75rem 0; break-inside: avoid; }
    .trigger p { margin: .1rem 0; }
    .trigger .cue { font-size: 1.1rem; }
    .trigger dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .9rem;
      margin: .5rem 0 0; font-size: .9rem; }
    .trigger dt { margin: 0; font-weight: normal; color: var(--soft); }
    .trigger dd { margin: 0; }
    .pair { grid-template-columns: repeat(auto-fit, minmax(min(100%, 260px), 1fr)); }
    code { font: .92em ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace;
      overflow-wrap: anywhere; }
    pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
      padding: .7rem .9rem; white-space: pre-wrap; overflow-wrap: anywhere; }
    .hashes td { overflow-wrap: anywhere; }

    """
}
