// How the report looks, on a screen and on paper. None of the characters that XML escapes may stand
// in it: a browser takes a style as it is.
#pragma once

namespace tools::typetest {

inline constexpr const char* report_style = R"css(
:root { --ink: #1c1c1c; --quiet: #5a5a5a; --rule: #c9c9c9; --bad: #8f2622; --good: #22592f; }
html { font: 16px/1.5 Charter, "Bitstream Charter", Cambria, Georgia, serif; color: var(--ink);
  background: #fff; -webkit-text-size-adjust: 100%; }
body { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1, h2, h3, th, caption, figcaption, .kind, .verdict, .badge { font-family: system-ui, "Helvetica Neue", Helvetica, Arial, sans-serif; }
h1 { font-size: 2.1rem; line-height: 1.2; margin: 0 0 1.2rem; }
h2 { font-size: 1.4rem; line-height: 1.25; margin: 3rem 0 1rem; padding-bottom: .3rem;
  border-bottom: 2px solid var(--ink); }
h3 { font-size: 1.12rem; line-height: 1.3; margin: 2.4rem 0 .5rem; }
p { margin: 0 0 .8rem; max-width: 46rem; }
a { color: inherit; text-decoration-color: var(--rule); text-underline-offset: .15em; }
.kind { text-transform: uppercase; letter-spacing: .12em; font-size: .8rem; color: var(--quiet);
  margin-bottom: .4rem; }
.clause { font-size: .9rem; color: var(--quiet); margin-bottom: .5rem; }
.badge { border: 2px solid; border-left-width: .7rem; padding: .7rem 1rem; margin: 0 0 1.5rem;
  font-size: 1.05rem; font-weight: 600; max-width: none; }
.pass { color: var(--good); }
.fail { color: var(--bad); }
.table { overflow-x: auto; margin: 0 0 1.5rem; }
table { border-collapse: collapse; width: 100%; font-size: .84rem; line-height: 1.35;
  font-variant-numeric: tabular-nums lining-nums; }
caption { text-align: left; font-weight: 600; padding: 0 0 .35rem; }
th, td { text-align: left; vertical-align: top; padding: .32rem 1rem .32rem 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th { border-top: 1.5px solid var(--ink); border-bottom: 1px solid var(--ink);
  font-size: .76rem; vertical-align: bottom; }
tbody tr { border-bottom: 1px solid var(--rule); }
tbody tr:last-child { border-bottom: 1.5px solid var(--ink); }
.facts { width: auto; min-width: min(100%, 34rem); }
.facts tbody tr:first-child { border-top: 1.5px solid var(--ink); }
.facts th { font-weight: 500; padding-right: 1.5rem; font-size: .8rem; }
td.number, th.number { text-align: right; }
td.number { white-space: nowrap; }
.verdict { white-space: nowrap; font-size: .8rem; }
td.fail { font-weight: 700; }
tr.failed td:first-child { border-left: .3rem solid var(--bad); padding-left: .5rem; }
.id { display: block; font: .72rem/1.3 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  color: var(--quiet); overflow-wrap: anywhere; }
.remark { display: block; font-style: italic; }
abbr { text-decoration: none; font-weight: 600; cursor: help; }
figure { margin: 1.2rem 0 1.8rem; }
figure svg { display: block; width: 100%; max-width: 45rem; height: auto; }
figcaption { font-size: .84rem; margin-top: .3rem; color: var(--ink); }
figcaption b { font-weight: 600; }
.note { font-size: .86rem; color: var(--quiet); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.4rem; margin: 0 0 1.5rem;
  font-size: .92rem; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 36rem) {
  dl { grid-template-columns: 1fr; }
  dd { margin-bottom: .5rem; }
  h1 { font-size: 1.6rem; }
}
@page { size: A4; margin: 18mm 16mm 20mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }
@media print {
  html { font-size: 10pt; }
  body { max-width: none; margin: 0; padding: 0; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  a { text-decoration: none; }
  .table { overflow: visible; }
  table { font-size: .8rem; }
  th, td { padding-right: .6rem; }
  thead { display: table-header-group; }
  tr, figure, .badge { break-inside: avoid; }
  h2, h3, caption, .clause { break-after: avoid; }
  .sheet, .long { break-before: page; }
  h2 { margin-top: 0; }
  p { orphans: 3; widows: 3; }
}
)css";

}  // namespace tools::typetest
