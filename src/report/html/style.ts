import { Markup } from './markup.ts'

/** Colours by role, for light, dark and paper; charts take theirs from here. */
export const style = new Markup(`
:root { color-scheme: light dark; --paper: #fff; --ink: #1c2430; --pale: #66707d; --line: #d9dee5; --soft: #f4f6f8; --strong: #1f6feb; --faint: #a9c7f5; --warn: #b3541e }
@media (prefers-color-scheme: dark) { :root { --paper: #14181d; --ink: #e4e8ee; --pale: #97a1ad; --line: #333b45; --soft: #1c2229; --strong: #6ea8fe; --faint: #2f4f7f; --warn: #f0a46b } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 68rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2.25rem 0 .5rem } h3 { font-size: 1rem; margin: 1.25rem 0 .25rem }
p { margin: .25rem 0 } .pale { color: var(--pale) } .warn { color: var(--warn) }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin: 1.25rem 0 }
.facts div { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem } .facts b { display: block; font-size: 1.25rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums } th, td { text-align: left; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere }
th { color: var(--pale); font-weight: 500; white-space: nowrap } td.number, th.number { text-align: right; white-space: nowrap; overflow-wrap: normal }
ol.advice { padding-left: 1.5rem } ol.advice li { margin-bottom: .75rem } code { font-size: .85em; overflow-wrap: anywhere }
svg.chart { width: 100%; height: auto; max-width: 44rem } svg.cell { display: block }
.grid { stroke: var(--line); stroke-width: 1 } .mark { stroke: var(--pale); stroke-width: 1; stroke-dasharray: 2 2 } .range { stroke: var(--strong); stroke-width: 2 }
.dot { fill: var(--strong) } .curve { fill: none; stroke: var(--strong); stroke-width: 2 } .band { fill: var(--faint); opacity: .45 }
.rail { fill: var(--line) } .bar { fill: var(--strong) } .bar.pale { fill: var(--faint) } .axis { fill: var(--pale); font-size: 11px } .end { text-anchor: end } .middle { text-anchor: middle }
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --pale: #444; --line: #bbb; --soft: #fff; --strong: #1a4f9c; --faint: #a9c7f5; --warn: #7a3510 }
  body { max-width: none; padding: 0; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact } tr, li, svg, .facts div { break-inside: avoid } h2, h3 { break-after: avoid } .wide { overflow: visible }
}
`)
