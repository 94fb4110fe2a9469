import type { Command } from 'commander'
import type { RunCounts } from '../../evaluate/metrics/run-counts.ts'
import type { Share } from '../../evaluate/statistics/share.ts'
import type { ItemReport, PointReport, Report } from '../../report/summary.ts'
import { addFileCommand, type FileOptions, print, withAutodidact } from '../command.ts'
import { plainTable } from '../table.ts'
import { bold, counted, dim, shortened } from '../text.ts'

const mostRows = 10

const percent = ({ rate }: Share): string => (rate === undefined ? '–' : `${Math.round(rate * 100)} %`)

/** A share with the interval in which the true one lies. */
const interval = (share: Share): string =>
  share.rate === undefined ? '–' : `${percent(share)} (${Math.round(share.low * 100)} to ${Math.round(share.high * 100)})`

const day = (time: number | undefined): string => (time === undefined ? '' : new Date(time).toISOString().slice(0, 10))

const table = (head: readonly string[], widths: number[], rows: readonly (readonly string[])[]): string => {
  const drawn = plainTable({ colWidths: widths, colAligns: widths.map((_, at) => (at === 0 ? 'left' : 'right')) })
  drawn.push(head.map((cell) => dim(cell)))
  for (const row of rows.slice(0, mostRows)) drawn.push([...row])
  return drawn.toString().split('\n').map((line) => `  ${line}`).join('\n')
}

const countsRow = (name: string, { runs, verified, success }: RunCounts): string[] => [name, String(runs), String(verified.count), interval(success)]

const pointText = ({ point, decisions, followed, explored, options }: PointReport): string =>
  [
    `  ${bold(shortened(point, 40))}  ${counted(decisions, 'decision')}, followed ${percent(followed)}, explored ${percent(explored)}`,
    table(
      ['option', 'chosen', 'judged', 'mean reward'],
      [40, 8, 8, 14],
      options.slice(0, mostRows).map(({ option, chosen, settled, reward }) => [shortened(option, 38), String(chosen), String(settled), reward?.toFixed(2) ?? '–']),
    ),
  ].join('\n')

const itemRow = ({ task, id, runs, helped }: ItemReport): string[] => [shortened(task ?? id, 48), String(runs), interval(helped)]

/** A part of the report; nothing where there is nothing to tell. */
const section = (title: string, text: string, present: boolean): string[] => (present ? ['', bold(title), text] : [])

const reportText = (report: Report): string => {
  const { namespace, runs, verified, success, advice, expired, unrecorded, knowledge, kinds, tenths, agents, points, items, feedback, storage } = report
  if (storage.facts === 0) return `Nothing has been recorded in the namespace "${namespace}" yet.`
  const facts = [
    ['runs', `${runs}, judged ${verified.count}`],
    ['went well', interval(success)],
    ['advice', `${advice}${unrecorded === 0 ? '' : `, ${unrecorded} not recorded`}${expired === 0 ? '' : `, ${expired} expired`}`],
    ['feedback', `${feedback.received}: ${feedback.up} up, ${feedback.down} down, ${counted(feedback.corrections, 'correction')}, ${counted(feedback.outcomes, 'outcome')}`],
    ['knowledge', String(knowledge)],
    ['file', `${counted(storage.facts, 'fact')}, ${(storage.bytes / 1e6).toFixed(1)} MB`],
  ] as const
  const head = ['', 'runs', 'judged', 'went well (95 %)']
  const widths = [36, 8, 8, 20]
  return [
    `${bold(`Namespace ${namespace}`)}  ${dim(`${day(report.since)} to ${day(report.until)}`)}`,
    ...facts.map(([label, value]) => `  ${dim(label.padEnd(10))} ${value}`),
    ...section('Over time', table(head, widths, tenths.map((tenth) => countsRow(`tenth ${tenth.tenth}`, tenth))), tenths.length > 1),
    ...section('By agent', table(head, widths, agents.map((agent) => countsRow(shortened(agent.agent ?? '(unnamed)', 34), agent))), agents.length > 0),
    ...section(
      'By kind of task',
      table(['', 'runs', 'went well (95 %)'], [44, 8, 20], kinds.map((kind) => [shortened(kind.kind, 42), String(kind.runs), interval(kind.interval)])),
      kinds.length > 0,
    ),
    ...section('Choices', points.map(pointText).join('\n'), points.length > 0),
    ...section('Memories that helped', table(['', 'runs', 'helped (95 %)'], [50, 6, 18], items.helpful.map(itemRow)), items.helpful.length > 0),
    ...section('Memories that helped least', table(['', 'runs', 'helped (95 %)'], [50, 6, 18], items.harmful.map(itemRow)), items.harmful.length > 0),
  ].join('\n')
}

export const addReport = (program: Command): void => {
  addFileCommand(program, {
    usage: 'report',
    summary: 'Is it learning?',
    description: 'Tell how many runs went well, over time, by agent, by kind of task; what was chosen and what it earned; which memories helped.',
    examples: ['autodidact report --file agent.db'],
  }).action(async (options: FileOptions) => {
    const report = await withAutodidact(options, 'existing', (autodidact) => autodidact.report())
    print(options, report, () => reportText(report))
  })
}
