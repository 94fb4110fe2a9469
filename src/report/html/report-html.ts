import { AutodidactError } from '../../errors.ts'
import type { AgentComparison } from '../../evaluate/compare.ts'
import type { Performance } from '../../evaluate/metrics/performance.ts'
import type { RunCounts } from '../../evaluate/metrics/run-counts.ts'
import { durationText, percentText } from '../../statistics/in-words.ts'
import { lessonText } from '../lessons.ts'
import { doubtedOf, sourceText } from '../sources.ts'
import { agentText, countText, dayText, differenceText, fewerText, fixText, gainText, numberText, ratioText, shareText, trendText } from '../in-words.ts'
import type { Recommendation } from '../recommendations/recommendation.ts'
import type { AgentReport, GroupReport, ItemReport, KindReport, PointReport, Report } from '../summary.ts'
import { barChart, intervalChart, lineChart, spreadChart } from './charts.ts'
import { type Content, html, type Markup } from './markup.ts'
import { style } from './style.ts'

/** Rows of a table, options of a choice point: more are for `--json`. */
const mostRows = 50

interface Heading {
  readonly name: string
  readonly isNumber?: boolean
}

const cellClass = ({ isNumber }: Heading): Markup | undefined => (isNumber === true ? html` class="number"` : undefined)

const text = (name: string): Heading => ({ name })
const number = (name: string): Heading => ({ name, isNumber: true })

const table = (headings: readonly Heading[], rows: readonly (readonly Content[])[]): Markup => {
  const left = rows.length - mostRows
  return html`<div class="wide"><table><thead><tr>${headings.map((heading) => html`<th${cellClass(heading)}>${heading.name}</th>`)}</tr></thead><tbody>
${rows.slice(0, mostRows).map((row) => html`<tr>${headings.map((heading, place) => html`<td${cellClass(heading)}>${row[place]}</td>`)}</tr>\n`)}</tbody></table></div>${
    left > 0 ? html`<p class="pale">${left} more ${left === 1 ? 'is' : 'are'} left out.</p>` : undefined
  }`
}

const section = (title: string, content: Content, isPresent = true): Markup | undefined => (isPresent ? html`<section><h2>${title}</h2>${content}</section>\n` : undefined)

const successChart = ({ success: { rate, low, high } }: RunCounts): Markup | undefined => (rate === undefined ? undefined : intervalChart({ value: rate, low, high }, 0, 1))

const countsRow = (name: string, counts: RunCounts): Content[] => [name, counts.runs, counts.verified.count, shareText(counts.success), successChart(counts)]

const countsHead = (name: string): Heading[] => [text(name), number('runs'), number('judged'), number('went well (95 %)'), text('')]

const fact = (name: string, value: Content, detail?: Content): Markup => html`<div><span class="pale">${name}</span><b>${value}</b>${detail === undefined ? undefined : html`<span class="pale">${detail}</span>`}</div>`

const facts = ({ runs, verified, success, overall, feedback, learned }: Report): Markup => html`<div class="facts">
${fact('runs', runs, `${verified.count} judged`)}
${fact('went well', success.rate === undefined ? '–' : percentText(success.rate), success.rate === undefined ? undefined : `95 %: ${percentText(success.low)} to ${percentText(success.high)}`)}
${fact('duration, median', overall.duration === undefined ? '–' : durationText(overall.duration.median), overall.duration === undefined ? undefined : `95 % below ${durationText(overall.duration.p95)}`)}
${fact('errors a run', numberText(overall.errors.perRun), `${percentText(overall.errors.runs.rate ?? 0)} of the runs have any`)}
${fact('used what was recalled', shareText(overall.reuse))}
${fact('rated well', shareText(overall.ratings.positive), `${countText(overall.ratings.runs, 'run')} rated`)}
${fact('feedback', feedback.received, countText(feedback.corrections, 'correction'))}
${fact('memories', learned.memories, countText(learned.patterns, 'pattern'))}
</div>`

const trendRows = ({ trends }: Performance): Content[][] => [
  ['success', trendText(trends.success)],
  ['duration', trendText(trends.duration)],
  ['iterations', trendText(trends.iterations)],
  ['errors', trendText(trends.errors)],
  ['rating', trendText(trends.rating)],
]

const changeText = ({ change }: Performance): Markup => {
  if (change === undefined) return html`<p class="pale">There are fewer than ten runs: no periods to compare.</p>`
  const { first, last, success, duration, errors, errorReduction, rating } = change
  return table(
    [text('last third against first'), number('first'), number('last'), number('change (95 %)')],
    [
      ['success', shareText(first.success), shareText(last.success), differenceText(success)],
      ['duration, median', first.duration === undefined ? '–' : durationText(first.duration.median), last.duration === undefined ? '–' : durationText(last.duration.median), duration === undefined ? '–' : ratioText(duration)],
      ['runs with errors', shareText(first.erroneous), shareText(last.erroneous), `${first.erroneous.of === 0 || last.erroneous.of === 0 ? '–' : differenceText(errors)}${errorReduction === undefined ? '' : `; ${fewerText(errorReduction)}`}`],
      ['rating', first.rating?.toFixed(2) ?? '–', last.rating?.toFixed(2) ?? '–', rating === undefined ? '–' : `${rating.value.toFixed(2)} (${rating.low.toFixed(2)} to ${rating.high.toFixed(2)})`],
    ],
  )
}

const approachesAndFactors = ({ overall: { approaches }, learned: { factors } }: Report): Markup | undefined =>
  approaches.length + factors.length === 0
    ? undefined
    : table(
        [text('approach or success factor'), number('runs'), number('went well (95 %)')],
        [...approaches.map(({ approach, runs, success }) => [approach, runs, shareText(success)]), ...factors.map(({ factor, runs, success }) => [factor, runs, shareText(success)])],
      )

const overTime = (report: Report): Markup => {
  const { tenths, overall } = report
  return html`
${tenths.length === 0 ? html`<p class="pale">There are fewer than 50 runs: too few to be divided into tenths.</p>` : lineChart('Share of runs that went well, by tenth of the log, with 95 % intervals', tenths.map(({ tenth, success }) => ({ label: String(tenth), share: success })))}
${changeText(overall)}
${approachesAndFactors(report)}<h3>Trends</h3>${table([text('of'), text('Mann-Kendall test')], trendRows(overall))}`
}

const groupRow = (group: GroupReport, longest: number): Content[] => {
  const { category, agent, runs, success, duration, trends, change, approaches, steps, errors } = group
  return [
    category,
    agentText(agent),
    runs,
    html`${shareText(success)}${successChart(group)}`,
    duration === undefined ? '–' : html`${durationText(duration.median)} / ${durationText(duration.p95)}${spreadChart(duration, longest)}`,
    numberText(errors.perRun),
    html`${trendText(trends.success)}${change === undefined ? undefined : html`<br><span class="pale">${differenceText(change.success)} since the first third</span>`}`,
    approaches.map(({ approach, success: own }) => html`${approach} ${shareText(own)}<br>`),
    steps.map(({ action, share, failures, uses }) => html`${action}${share === undefined ? undefined : ` ${percentText(share)} of the time`}${failures === 0 ? undefined : `, ${failures} of ${uses} failed`}<br>`),
  ]
}

const groupsText = ({ groups, groupCount }: Report): Markup => {
  const longest = Math.max(0, ...groups.map(({ duration }) => duration?.p95 ?? 0))
  const head = [text('kind of task'), text('agent'), number('runs'), text('went well (95 %)'), text('median / 95 % below'), number('errors'), text('trend of success'), text('best approaches'), text('steps')]
  return html`${table(head, groups.map((group) => groupRow(group, longest)))}${groupCount > groups.length ? html`<p class="pale">Of ${groupCount} groups those with the most runs.</p>` : undefined}`
}

/** How long it took, and whether it gets better: cells behind those of the counts. */
const performanceCells = (performance: Performance | undefined, longest: number): Content[] => {
  if (performance === undefined) return ['–', '–']
  const { duration, trends } = performance
  return [duration === undefined ? '–' : html`${durationText(duration.median)} / ${durationText(duration.p95)}${spreadChart(duration, longest)}`, trendText(trends.success)]
}

const performanceHead: readonly Heading[] = [text('median / 95 % below'), text('trend of success')]

const longestOf = (rows: readonly { readonly performance?: Performance }[]): number => Math.max(0, ...rows.map(({ performance }) => performance?.duration?.p95 ?? 0))

const agentsText = (agents: readonly AgentReport[]): Markup =>
  table([...countsHead('agent'), ...performanceHead], agents.map((one) => [...countsRow(agentText(one.agent), one), ...performanceCells(one.performance, longestOf(agents))]))

const kindsText = (kinds: readonly KindReport[]): Markup =>
  table([...countsHead('kind of task'), ...performanceHead], kinds.flatMap(({ kind, performance }) => (performance === undefined ? [] : [[...countsRow(kind, performance), ...performanceCells(performance, longestOf(kinds))]])))

/** Runs that are named with a recommendation; the others are in the JSON. */
const shownRuns = 3

const recommendationText = ({ title, type, priority, category, agent, gain, bottleneck, evidence, fix }: Recommendation): Markup => html`<li><b>${title}</b>
<p class="pale">${category}, ${agentText(agent)} · ${type} · priority ${priority} of 10</p>
<p>Gain: ${gainText(gain)}${barChart(gain.share)}</p>${bottleneck === undefined ? undefined : html`<p>Most of it: ${bottleneck.action}, ${countText(bottleneck.uses, 'use')} in ${countText(bottleneck.runs, 'run')}, ${bottleneck.failures} failed</p>`}${fix === undefined ? undefined : html`<p>What has helped: ${fixText({ fix })}</p>`}
<p class="pale">${evidence.statement}</p><p class="pale">such as ${evidence.runs.slice(-shownRuns).map((run, place) => html`${place === 0 ? '' : ', '}<code>${run}</code>`)}${evidence.runs.length > shownRuns ? ` and ${evidence.runs.length - shownRuns} more` : ''}</p></li>\n`

const pointText = ({ point, decisions, followed, explored, options }: PointReport): Markup => html`<h3>${point}</h3><p class="pale">${countText(decisions, 'decision')}${followed.of === 0 ? '' : `, followed ${shareText(followed)}`}${explored.of === 0 ? '' : `, explored ${shareText(explored)}`}</p>
${table([text('option'), number('chosen'), number('judged'), number('mean reward'), text('')], options.map(({ option, chosen, settled, reward }) => [option, chosen, settled, reward?.toFixed(2) ?? '–', reward === undefined ? undefined : barChart(reward)]))}`

const itemsText = (items: readonly ItemReport[]): Markup =>
  table([text('memory'), number('runs'), number('helped (95 %)'), text('')], items.map(({ task, id, runs, helped }) => [task ?? id, runs, shareText(helped), helped.rate === undefined ? undefined : intervalChart({ value: helped.rate, low: helped.low, high: helped.high }, 0, 1)]))

const comparisonText = ({ first, second, categories, overall, answer }: AgentComparison): Markup => html`<p>${answer}</p>
${table(
  [text('kind of task'), number(`${first} went well`), number(`${second} went well`), number('difference (95 %)'), text(''), number('duration')],
  [
    ...categories.map(({ category, first: own, second: other, success, duration }): Content[] => [
      category,
      shareText(own.success),
      shareText(other.success),
      differenceText(success),
      intervalChart({ value: success.difference, low: success.low, high: success.high }, -1, 1, 0),
      duration === undefined ? '–' : ratioText(duration),
    ]),
    ['all of these', '', '', differenceText(overall), intervalChart({ value: overall.difference, low: overall.low, high: overall.high }, -1, 1, 0), ''],
  ],
)}`

const pageOf = (report: Report, comparison: AgentComparison | undefined): string => {
  const { namespace, since, until, runs, agents, kinds, groups, points, items, recommendations, experiments, lessons, sources, storage } = report
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${namespace}: is it learning?</title>
<style>${style}</style>
</head>
<body>
<h1>${namespace}: is it learning?</h1>
<p class="pale">${since === undefined ? 'Nothing has been recorded yet.' : `${dayText(since)} to ${dayText(until)}, ${countText(storage.facts, 'fact')}`}. Intervals are of 95 %.</p>
${facts(report)}
${section(
  'What could be better',
  recommendations.length === 0
    ? html`<p class="pale">Nothing that the runs show. It takes five runs of an agent on one kind of task.</p>`
    : html`<ol class="advice">${recommendations.slice(0, mostRows).map(recommendationText)}</ol>`,
)}${section('Experiments', experiments.map(({ id, state, answer }) => html`<p>${answer} <span class="pale">${id}, ${state}</span></p>`), experiments.length > 0)}${section('Lessons', lessons.map((lesson) => html`<p>${lessonText(lesson)}</p>`), lessons.length > 0)}${section(
    'Doubted sources', doubtedOf(sources).map((source) => html`<p>${sourceText(source)}</p>`), doubtedOf(sources).length > 0,
  )}${
    comparison === undefined ? undefined : section(`${comparison.first} and ${comparison.second}`, comparisonText(comparison))
  }${section('Over time', overTime(report), runs > 1)}${section('By kind of task and agent', groupsText(report), groups.length > 0)}${section(
    'By agent',
    agentsText(agents),
    agents.length > 0,
  )}${section('By kind of task', kindsText(kinds), kinds.length > 0 && agents.length > 1)}${section('Choices', points.slice(0, mostRows).map(pointText), points.length > 0)}${section('Memories that helped', itemsText(items.helpful), items.helpful.length > 0)}${section(
    'Memories that helped least',
    itemsText(items.harmful),
    items.harmful.length > 0,
  )}</body>
</html>
`
  return page.html
}

/**
 * A report as one page that needs nothing else: charts are drawings in it, nothing is loaded, nothing runs, and everything that was recorded is escaped. It is
 * readable in the dark and on paper.
 *
 * @param report as `report` gives it
 * @param comparison as `compare` gives it, for a part of its own
 *
 * @example
 * ```ts
 * import { Autodidact, reportHtml } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * await autodidact.record({ task: '<script>alert(1)</script>', category: '<b>refund</b>', success: true })
 * const page = reportHtml(await autodidact.report())
 * console.assert(page.startsWith('<!doctype html>') && page.includes('&lt;b&gt;refund') && !page.includes('<b>refund'))
 * await autodidact.close()
 * ```
 *
 * @throws AutodidactError `INVALID_INPUT` for what neither of them gives
 */
export const reportHtml = (report: Report, comparison?: AgentComparison): string => {
  try {
    return pageOf(report, comparison)
  } catch (cause) {
    throw new AutodidactError('INVALID_INPUT', 'reportHtml: this is no report. Pass what report() gives, and for the second part what compare() gives.', { cause })
  }
}
