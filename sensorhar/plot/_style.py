"""The style sheet of the report page: system fonts, light and dark paper."""

__all__ = ["STYLE"]

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #ffffff; --raised: #f6f8fa; --ink: #1b1f24; --faint: #5b6570;
  --line: #d5dae0; --accent: #0072b2; --warn-ink: #8a2f00; --warn: #fff1e8;
  --warn-line: #d55e00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181c; --raised: #1d2126; --ink: #e8eaed; --faint: #a3adb8;
    --line: #353b43; --accent: #56b4e9; --warn-ink: #ffc9a8; --warn: #3a2213;
    --warn-line: #f0803c;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 1.05rem; font-weight: 600; color: var(--faint); margin: 0 0 .9rem; }
h2 {
  font-size: 1.2rem; font-weight: 650; margin: 3rem 0 .9rem;
  letter-spacing: -.01em;
}
h3 { font-size: 1rem; font-weight: 650; margin: 1.8rem 0 .7rem; }
p { margin: .4rem 0; max-width: 46rem; }
.lead { font-size: 1.85rem; line-height: 1.25; font-weight: 650; margin: 0 0 .5rem;
  letter-spacing: -.02em; max-width: none; }
.quiet, figcaption { color: var(--faint); font-size: .92rem; }
.leaky {
  background: var(--warn); color: var(--warn-ink); border: 1px solid var(--warn-line);
  border-left-width: 6px; border-radius: 6px; padding: .8rem 1rem; margin: 0 0 1.6rem;
  font-weight: 600; max-width: none;
}
.cards { display: grid; gap: .8rem; margin: 1.6rem 0 0; padding: 0;
  grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); }
.cards div { background: var(--raised); border: 1px solid var(--line);
  border-radius: 8px; padding: .75rem 1rem .7rem; }
.cards dt { color: var(--faint); font-size: .88rem; }
.cards dd { margin: 0; font-size: 1.6rem; font-weight: 650; line-height: 1.3;
  font-variant-numeric: tabular-nums; }
.cards dd small { display: block; font-size: .88rem; font-weight: 400;
  color: var(--faint); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .93rem; width: 100%;
  font-variant-numeric: tabular-nums; }
caption { caption-side: top; text-align: left; color: var(--warn-ink);
  font-weight: 600; padding-bottom: .3rem; }
th, td { padding: .42rem .7rem; text-align: right; white-space: nowrap;
  border-bottom: 1px solid var(--line); }
thead th { color: var(--faint); font-weight: 500; vertical-align: bottom; }
th:first-child, td:first-child { text-align: left; }
tbody th { font-weight: 500; }
tr.best th, tr.best td { font-weight: 650; }
tr.best th::after { content: "best"; font-size: .75rem; font-weight: 500;
  color: var(--accent); border: 1px solid var(--accent); border-radius: 99px;
  padding: 0 .45rem; margin-left: .5rem; }
td.heat { background: color-mix(in srgb,
  var(--accent) calc((var(--v) * var(--v)) * 45%), transparent); }
td.range { width: 30%; min-width: 9rem; padding-left: 1rem; }
svg.range { display: block; width: 100%; height: 1.1rem; overflow: visible; }
figure { margin: 0 0 1.2rem; }
figure img { display: block; max-width: 100%; height: auto; }
figcaption { margin-top: .3rem; }
details { border-top: 1px solid var(--line); padding: .6rem 0; }
details:last-of-type { border-bottom: 1px solid var(--line); }
summary { cursor: pointer; font-weight: 500; }
summary:hover { color: var(--accent); }
details > *:not(summary) { margin-top: .9rem; }
dl.facts { display: grid; grid-template-columns: 7rem 1fr; gap: .35rem 1rem;
  margin: 0; font-size: .93rem; }
dl.facts dt { color: var(--faint); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
code { font: .88em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
@media (max-width: 40rem) {
  main { padding: 1.5rem 1rem 3rem; }
  .lead { font-size: 1.4rem; }
  dl.facts { grid-template-columns: 1fr; gap: 0; }
  dl.facts dd { margin-bottom: .5rem; }
}
@media print { details { display: none; } h2 { break-after: avoid; } }
"""
