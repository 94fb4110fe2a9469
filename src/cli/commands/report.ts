import { type Command, InvalidArgumentError } from 'commander'
import { AutodidactError } from '../../errors.ts'
import type { AgentComparison } from '../../evaluate/compare.ts'
import type { Performance } from '../../evaluate/metrics/performance.ts'
import type { RunCounts } from '../../evaluate/metrics/run-counts.ts'
import type { Share } from '../../statistics/share.ts'
import { lessonText } from '../../report/lessons.ts'
import { doubtedOf, sourceText } from '../../report/sources.ts'
import { reportHtml } from '../../report/html/report-html.ts'
import { durationText } from '../../statistics/in-words.ts'
import { agentText, dayText, differenceText, fewerText, fixText, gainText, ratioText, shareText, trendText } from '../../report/in-words.ts'
import type { Recommendation } from '../../report/recommendations/recommendation.ts'
import type { AgentReport, GroupReport, ItemReport, KindReport, PointReport, Report } from '../../report/summary.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined, parsePositive } from '../option-values.ts'
import { namespacesIn, print, withAutodidact } from '../perform.ts'
import { type OutputOptions, overwriteOption, writeFile } from '../output-file.ts'
import { plainTable } from '../table.ts'
import { bold, counted, dim, printable, shortened, wrapped } from '../text.ts'

interface Options extends FileOptions, OutputOptions {
  readonly html?: string
  readonly compare?: readonly string[]
  readonly minPriority?: number
}

const mostRows = 10

/** More namespaces than these are counted. */
const mostNamed = 10

const percent = ({ rate }: Share): string => (rate === undefined ? '–' : `${Math.round(rate * 100)} %`)

const table = (head: readonly string[], widths: number[], rows: readonly (readonly string[])[]): string => {
  const drawn = plainTable({ colWidths: widths, colAligns: widths.map((_, at) => (at === 0 ? 'left' : 'right')) })
  drawn.push(head.map((cell) => dim(cell)))
  for (const row of rows.slice(0, mostRows)) drawn.push([...row])
  return drawn.toString().split('\n').map((line) => `  ${line}`).join('\n')
}

const countsRow = (name: string, { runs, verified, success }: RunCounts): string[] => [name, String(runs), String(verified.count), shareText(success)]

const pointText = ({ point, decisions, followed, explored, options }: PointReport): string =>
  [
    `  ${bold(shortened(point, 40))}  ${counted(decisions, 'decision')}, followed ${percent(followed)}${explored.of === 0 ? '' : `, explored ${percent(explored)}`}`,
    table(
      ['option', 'chosen', 'judged', 'mean reward'],
      [40, 8, 8, 14],
      options.slice(0, mostRows).map(({ option, chosen, settled, reward }) => [shortened(option, 38), String(chosen), String(settled), reward?.toFixed(2) ?? '–']),
    ),
  ].join('\n')

const itemRow = ({ task, id, runs, helped }: ItemReport): string[] => [shortened(task ?? id, 48), String(runs), shareText(helped)]

const durationCells = (duration: Performance['duration']): string[] => (duration === undefined ? ['–', '–'] : [durationText(duration.median), durationText(duration.p95)])

const groupRow = ({ category, agent, runs, success, duration }: GroupReport): string[] => [
  shortened(category, 20),
  shortened(agentText(agent), 12),
  String(runs),
  shareText(success),
  ...durationCells(duration),
]

const agentsText = (agents: readonly AgentReport[]): string =>
  table(
    ['', 'runs', 'judged', 'went well (95 %)', 'median', '95 % below'],
    [25, 8, 8, 18, 8, 11],
    agents.map((one) => [...countsRow(shortened(agentText(one.agent), 23), one), ...durationCells(one.performance?.duration)]),
  )

const kindsText = (kinds: readonly KindReport[]): string =>
  table(
    ['', 'judged', 'went well (95 %)', 'median', '95 % below'],
    [33, 8, 18, 8, 11],
    kinds.map(({ kind, runs, interval, performance }) => [shortened(kind, 31), String(runs), shareText(interval), ...durationCells(performance?.duration)]),
  )

/** What is known of a group beyond its numbers: only where there is something. */
const groupNotes = ({ category, agent, trends, change, approaches, steps }: GroupReport): string[] => {
  const [best] = approaches
  const [slowest] = steps
  const notes = [
    ...(trends.success.direction === 'none' ? [] : [`success ${trendText(trends.success)}`]),
    ...(trends.duration.direction === 'none' ? [] : [`duration ${trendText(trends.duration)}`]),
    ...(trends.errors.direction === 'none' ? [] : [`errors ${trendText(trends.errors)}`]),
    ...(change === undefined ? [] : [`${differenceText(change.success)} of success since the first third`]),
    ...(best === undefined ? [] : [`best approach ${best.approach}, ${shareText(best.success)}`]),
    ...(slowest?.share === undefined ? [] : [`${slowest.action} takes ${Math.round(slowest.share * 100)} % of the time`]),
  ]
  return notes.length === 0 ? [] : [wrapped(`${shortened(category, 30)}, ${shortened(agentText(agent), 20)}: ${notes.map((note) => printable(note)).join('; ')}`, 2)]
}

const overallRows = ({ overall }: Report): (readonly [string, string])[] => {
  const { duration, errors, reuse, ratings, trends, change } = overall
  return [
    ...(duration === undefined ? [] : [['duration', `median ${durationText(duration.median)}, 95 % below ${durationText(duration.p95)}`] as const]),
    ['errors', `${errors.count} in ${counted(errors.runs.count, 'run')}${change?.errorReduction === undefined ? '' : `; runs with errors: ${fewerText(change.errorReduction)} than at first`}`],
    ['reuse', shareText(reuse)],
    ...(ratings.runs === 0 ? [] : [['ratings', `${counted(ratings.runs, 'run')}, positive ${shareText(ratings.positive)}`] as const, ['', `trend ${trendText(trends.rating)}`] as const]),
    ...(trends.success.runs === 0 ? [] : [['trend', trendText(trends.success)] as const]),
    ...(change === undefined ? [] : [['change', `${differenceText(change.success)} of success since the first third`] as const]),
    ...(change?.duration === undefined ? [] : [['', `duration ${ratioText(change.duration)}`] as const]),
  ]
}

const recommendationText = ({ title, priority, category, agent, gain, evidence, fix }: Recommendation): string =>
  [
    wrapped(printable(title), 6).replace(/^ {6}/, `${String(priority).padStart(4)}  `),
    wrapped(`${shortened(category, 40)}, ${shortened(agentText(agent), 30)}: ${gainText(gain)}`, 6),
    ...(fix === undefined ? [] : [wrapped(`what has helped: ${shortened(fixText({ fix }) ?? '', 300)}`, 6)]),
    dim(wrapped(printable(evidence.statement), 6)),
    dim(wrapped(`runs ${evidence.runs.slice(-3).map((run) => shortened(run, 40)).join(', ')}${evidence.runs.length > 3 ? ` and ${evidence.runs.length - 3} more` : ''}`, 6)),
  ].join('\n')

/** A part of the report; nothing where there is nothing to tell. */
const section = (title: string, text: string, present: boolean): string[] => (present ? ['', bold(title), text] : [])

const comparisonText = ({ first, second, categories, answer }: AgentComparison): string =>
  [
    wrapped(printable(answer), 2),
    table(
      ['', shortened(first, 14), shortened(second, 14), 'difference'],
      [18, 17, 17, 26],
      categories.map(({ category, first: own, second: other, success }) => [shortened(category, 16), shareText(own.success), shareText(other.success), differenceText(success)]),
    ),
  ].join('\n')

const nothingText = (namespace: string, others: readonly string[]): string => {
  const there = others.length === 0 ? '' : ` There are ${others.slice(0, mostNamed).map((name) => `"${shortened(name, 40)}"`).join(', ')}${others.length > mostNamed ? ` and ${others.length - mostNamed} more` : ''}: name one with --namespace.`
  return wrapped(`Nothing has been recorded in the namespace "${shortened(namespace, 40)}" yet.${there}`)
}

/** @param others the namespaces that there are, where this one is empty */
const reportText = (report: Report, comparison: AgentComparison | undefined, others: readonly string[]): string => {
  const { namespace, runs, verified, success, advice, expired, unrecorded, knowledge, kinds, tenths, agents, groups, points, items, feedback, recommendations, experiments, lessons, sources, storage } = report
  if (storage.facts === 0) return nothingText(namespace, others)
  const facts: (readonly [string, string])[] = [
    ['runs', `${runs}, judged ${verified.count}`],
    ['went well', shareText(success)],
    ...(runs === 0 ? [] : overallRows(report)),
    ['advice', `${advice}${unrecorded === 0 ? '' : `, ${unrecorded} not recorded`}${expired === 0 ? '' : `, ${expired} expired`}`],
    ['feedback', `${feedback.received}: ${feedback.up} up, ${feedback.down} down, ${counted(feedback.corrections, 'correction')}, ${counted(feedback.outcomes, 'outcome')}`],
    ['knowledge', String(knowledge)],
    ['file', `${counted(storage.facts, 'fact')}, ${(storage.bytes / 1e6).toFixed(1)} MB`],
  ]
  const head = ['', 'runs', 'judged', 'went well (95 %)']
  const widths = [36, 8, 8, 20]
  return [
    `${bold(`Namespace ${shortened(namespace, 40)}`)}  ${dim(`${dayText(report.since)} to ${dayText(report.until)}`)}`,
    ...facts.map(([label, value]) => `  ${dim(label.padEnd(10))} ${value}`),
    ...section('What could be better', recommendations.slice(0, mostRows).map(recommendationText).join('\n'), recommendations.length > 0),
    ...section('Experiments', experiments.map(({ answer }) => wrapped(printable(answer), 2)).join('\n'), experiments.length > 0),
    ...section('Lessons', lessons.map((lesson) => wrapped(printable(lessonText(lesson)), 2)).join('\n'), lessons.length > 0),
    ...section('Doubted sources', doubtedOf(sources).map((source) => wrapped(printable(sourceText(source)), 2)).join('\n'), doubtedOf(sources).length > 0),
    ...(comparison === undefined ? [] : section(`${shortened(comparison.first, 30)} and ${shortened(comparison.second, 30)}`, comparisonText(comparison), true)),
    ...section('Over time', table(head, widths, tenths.map((tenth) => countsRow(`tenth ${tenth.tenth}`, tenth))), tenths.length > 1),
    ...section('By agent', agentsText(agents), agents.length > 0),
    ...section('By kind of task', kindsText(kinds), kinds.length > 0),
    ...section(
      'By kind of task and agent',
      [table(['', 'agent', 'runs', 'went well (95 %)', 'median', '95 % below'], [21, 14, 6, 18, 8, 11], groups.map(groupRow)), ...groups.slice(0, mostRows).flatMap(groupNotes)].join('\n'),
      groups.length > 0,
    ),
    ...section('Choices', points.map(pointText).join('\n'), points.length > 0),
    ...section('Memories that helped', table(['', 'runs', 'helped (95 %)'], [50, 6, 18], items.helpful.map(itemRow)), items.helpful.length > 0),
    ...section('Memories that helped least', table(['', 'runs', 'helped (95 %)'], [50, 6, 18], items.harmful.map(itemRow)), items.harmful.length > 0),
  ].join('\n')
}

const parsePriority = (value: string): number => {
  const priority = parsePositive(value)
  if (priority > 10) throw new InvalidArgumentError('It must be 1 to 10.')
  return priority
}

/** @throws AutodidactError `INVALID_INPUT` unless there are two */
const agentsOf = (compare: readonly string[] | undefined): readonly [string, string] | undefined => {
  if (compare === undefined) return undefined
  const [first, second, ...more] = compare
  if (first === undefined || second === undefined || more.length > 0) {
    throw new AutodidactError('INVALID_INPUT', 'report: --compare takes the names of two agents, such as --compare clerk trainee.')
  }
  return [first, second]
}

export const addReport = (program: Command): void => {
  addFileCommand(program, {
    usage: 'report',
    summary: 'Is it learning?',
    description:
      'Tell how many runs went well and how long they took, over time, by agent, by kind\nof task, and whether that gets better; what was chosen and what it earned; which\nmemories helped; what could be better.',
    examples: ['autodidact report --file agent.db', 'autodidact report --html report.html', 'autodidact report --compare clerk trainee --min-priority 7'],
  })
    .option('--html <path>', 'write a page with charts that needs nothing else')
    .option(...overwriteOption)
    .option('--compare <agents...>', 'two agents, on each kind of task that both did')
    .option('--min-priority <number>', 'only recommendations of this priority or more, 1 to 10', parsePriority)
    .action(async ({ html, compare, minPriority, ...options }: Options) => {
      const agents = agentsOf(compare)
      const { report, comparison } = await withAutodidact(options, 'asking', async (autodidact) => ({
        report: await autodidact.report(defined({ minPriority })),
        comparison: agents === undefined ? undefined : await autodidact.compare(...agents),
      }))
      if (html !== undefined) {
        const page = reportHtml(report, comparison)
        await writeFile(html, (async function* () { yield page })(), options)
        print(options, { output: html, bytes: Buffer.byteLength(page) }, () => `Written to ${html}`)
        return
      }
      const others = report.storage.facts === 0 ? await namespacesIn(options) : []
      print(options, comparison === undefined ? report : { ...report, comparison }, () => reportText(report, comparison, others))
    })
}
