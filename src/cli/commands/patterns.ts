import type { Command } from 'commander'
import { type ExecutionPattern, executionPatterns, type PatternTally } from '../../learn/learners/execution-patterns.ts'
import type { RecommendInput, Recommendation, SimilarRun } from '../../patterns/recommendation.ts'
import { wilson } from '../../statistics/wilson.ts'
import { AutodidactError } from '../../errors.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined, parseCount, parseList, parseNumber } from '../option-values.ts'
import { print, withAutodidact } from '../perform.ts'
import { plainTable } from '../table.ts'
import { bold, dim, shortened, wrapped } from '../text.ts'

interface Options extends FileOptions {
  readonly category?: string
  readonly type?: string
  readonly dependsOn?: readonly string[]
  readonly effort?: number
  readonly limit?: number
}

const mostRows = 30

const named = (tallies: ReadonlyMap<string, PatternTally>) => [...tallies].map(([name, tally]) => ({ name, ...tally }))

/** A pattern as plain data, with its success and the interval of that. */
const plain = (pattern: ExecutionPattern) => ({
  ...pattern,
  success: wilson(pattern.reward, pattern.weight),
  tools: named(pattern.tools),
  factors: named(pattern.factors),
})

const percent = (share: number | undefined): string => (share === undefined ? '–' : `${Math.round(share * 100)} %`)

const patternsText = (patterns: readonly ReturnType<typeof plain>[]): string => {
  if (patterns.length === 0) return 'No run with a verdict was recorded yet.'
  const table = plainTable({ colWidths: [18, 14, 12, 16, 6, 14], colAligns: ['left', 'left', 'left', 'left', 'right', 'right'] })
  table.push(['category', 'type', 'complexity', 'approach', 'runs', 'went well'].map((cell) => dim(cell)))
  for (const { category = '–', type = '–', complexity, approach, runs, success } of patterns.slice(0, mostRows)) {
    table.push([shortened(category, 16), shortened(type, 12), complexity, shortened(approach, 14), String(runs), `${percent(success.rate)} (≥ ${percent(success.low)})`])
  }
  return table.toString()
}

const runText = ({ task, run, approach, reward, similarity }: SimilarRun): string[] => [
  `  ${reward > 0.5 ? 'went well' : 'went wrong'}  ${shortened(task, 60)}`,
  dim(`    ${shortened(approach, 20)}, similarity ${similarity.toFixed(2)}, ${run}`),
]

const recommendationText = ({ approach, confidence, complexity, recommendations, similar }: Recommendation): string =>
  [
    `${bold(shortened(approach, 60))}  ${dim(`at least ${percent(confidence)} go well; complexity ${complexity}`)}`,
    ...recommendations.map((line) => wrapped(line, 2)),
    ...(similar.length === 0 ? [] : ['', bold('Similar runs')]),
    ...similar.flatMap(runText),
  ].join('\n')

export const addPatterns = (program: Command): void => {
  addFileCommand(program, {
    usage: 'patterns [task]',
    summary: 'How to go about a task',
    description: 'With a task: the approach whose success in similar runs is surest, against the alternatives,\nwith tools and success factors. Without: how runs went, by kind of task and approach.',
    examples: ['autodidact patterns', "autodidact patterns 'add a login form' --category frontend --type feature", "autodidact patterns 'migrate the orders' --depends-on backup --json"],
  })
    .option('--category <name>', 'kind of task')
    .option('--type <name>', 'kind of work within the category')
    .option('--depends-on <name>', 'what must be done before; may be repeated', parseList)
    .option('--effort <n>', 'how much work it is, in your own unit', parseNumber)
    .option('--limit <n>', 'similar runs to name', parseCount)
    .action(async (task: string | undefined, options: Options) => {
      const { category, type, dependsOn: dependencies, effort, limit } = options
      const about = defined({ category, type, dependencies, effort, limit })
      if (task === undefined) {
        if (Object.keys(about).length > 0) throw new AutodidactError('INVALID_INPUT', 'patterns: the options say more of a task, and there is none. Name the task, or leave them out to see how all runs went.')
        const patterns = await withAutodidact(options, 'asking', (autodidact) => autodidact.learned(executionPatterns))
        const all = patterns.patterns().map(plain)
        print(options, all, () => patternsText(all))
        return
      }
      const input: RecommendInput = { task, ...about }
      const recommendation = await withAutodidact(options, 'asking', (autodidact) => autodidact.recommend(input))
      print(options, recommendation, () => recommendationText(recommendation))
    })
}
