import type { Command } from 'commander'
import type { ExportProposal, Improvement, Issue, IssueExample } from '../../improve/improvement.ts'
import { shareText } from '../../report/in-words.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined, parseCount } from '../option-values.ts'
import { perform } from '../perform.ts'
import { parsePast } from '../times.ts'
import { asText, bold, counted, dim, printable, screenWidth, shortened, wrapped } from '../text.ts'
import { pruneText } from './prune.ts'

interface Options extends FileOptions {
  readonly examples?: number
  readonly prune?: number
}

const exampleText = ({ run, task, response, correction, comments }: IssueExample): string =>
  [
    wrapped(`· ${shortened(task, 200)}`, 4),
    ...(response === undefined ? [] : [wrapped(`answered: ${shortened(asText(response), 200)}`, 6)]),
    ...(correction === undefined ? [] : [wrapped(`right: ${shortened(asText(correction), 200)}`, 6)]),
    ...comments.map((comment) => wrapped(`“${shortened(comment, 200)}”`, 6)),
    dim(`      ${shortened(run, 70)}`),
  ].join('\n')

const issueText = ({ kind, runs, share, badRatings, corrections, examples }: Issue): string =>
  [
    `  ${bold(shortened(kind, 70))}`,
    wrapped(`${counted(runs, 'run')}, ${shareText(share)} of those judged: ${counted(badRatings, 'bad rating')}, ${counted(corrections, 'correction')}`, 4),
    ...examples.map(exampleText),
  ].join('\n')

const proposalText = ({ use, answer, isWorthwhile, settings }: ExportProposal): string => {
  const since = settings.since === undefined ? '' : ` --since ${new Date(settings.since).toISOString()}`
  const command = `autodidact export ${(settings.kinds ?? []).map((kind) => `--kind ${kind}`).join(' ')}${since}`
  return [wrapped(`${use}: ${printable(answer)}`, 2), ...(isWorthwhile ? [dim(wrapped(command, 4, screenWidth() - 2).replaceAll('\n', ' \\\n'))] : [])].join('\n')
}

const improvementText = ({ issues, pruned, exports }: Improvement): string =>
  [
    bold('What people were not content with'),
    ...(issues.length === 0 ? ['  Nothing: no rating is bad, and nothing was corrected.'] : issues.map(issueText)),
    ...(pruned === undefined ? [] : ['', bold('Pruning'), pruneText(pruned).split('\n').map((line) => `  ${line}`).join('\n')]),
    '',
    bold('Training data'),
    ...exports.map(proposalText),
  ].join('\n')

export const addImprove = (program: Command): void => {
  addFileCommand(program, {
    usage: 'improve',
    summary: 'What to improve, prune and export',
    description: 'Tell what people were not content with, by kind of task and with examples; what\ncould be pruned; what the log is worth as training data. Writes nothing but what\n--prune does.',
    examples: ['autodidact improve', 'autodidact improve --examples 10 --prune 90d'],
  })
    .option('--examples <count>', 'examples of each kind of task (default: 3)', parseCount)
    .option('--prune <time>', 'prune details of facts written before a date, or so many days ago: 90d', parsePast)
    .action(
      perform(
        ({ prune }: Options) => (prune === undefined ? 'asking' : 'existing'),
        (autodidact, _words: readonly [], { examples, prune }: Options) => autodidact.improve(defined({ examples, prune: prune === undefined ? undefined : { before: prune } })),
        improvementText,
      ),
    )
}
