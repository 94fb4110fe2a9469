import type { Command } from 'commander'
import type { Autodidact } from '../../autodidact.ts'
import { AutodidactError } from '../../errors.ts'
import type { ProposalReceipt } from '../../reflect/proposals.ts'
import { exitCodes, reportFailure } from '../failure.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { type Action, addGroup } from '../group.ts'
import { defined, parseCount } from '../option-values.ts'
import { addHandOptions, type HandOptions } from '../item-options.ts'
import { perform } from '../perform.ts'
import { proposalText } from '../proposal-text.ts'
import { printable } from '../text.ts'

interface ListOptions extends FileOptions {
  readonly limit?: number
}

interface DecideOptions extends HandOptions {
  readonly all?: true
}

type Verdict = 'accept' | 'reject'

const nothing = 'Nothing is to be decided.'

/** The proposals that are meant: those that are named, or all that can be decided so. */
const meant = async (autodidact: Autodidact, verdict: Verdict, ids: readonly string[], all: boolean): Promise<readonly string[]> => {
  if (all === ids.length > 0) throw new AutodidactError('INVALID_INPUT', `Name the proposals, or all of them with --all: autodidact review ${verdict} ID. \`autodidact review\` shows the ids.`)
  if (!all) return ids
  const found = await autodidact.proposals.list({ limit: 100_000, ...(verdict === 'accept' ? { statuses: ['pending'] } : {}) })
  return found.map(({ id }) => id)
}

const receiptText = ({ proposal, outcome, as, item, status }: ProposalReceipt): string =>
  printable(`${status}: ${outcome} ${proposal}${as === undefined ? '' : ` as ${as}`}${item === undefined ? '' : `, rule ${item}`}`)

const addList = (group: Command): void => {
  addFileCommand(group, {
    usage: 'list',
    summary: 'What is to be decided (the default)',
    description: 'List what a model proposed and nobody has decided on.',
    examples: ['autodidact review list --limit 10'],
    isDefault: true,
  })
    .option('--limit <n>', 'at most so many (default: 100)', parseCount)
    .action(
      perform(
        'reading',
        ({ proposals }, _words: readonly [], { limit }: ListOptions) => proposals.list(defined({ limit })),
        (proposals) => (proposals.length === 0 ? nothing : proposals.map(proposalText).join('\n\n')),
      ),
    )
}

const verdictAction = (verdict: Verdict, summary: string): Action => (group) => {
  const command = addFileCommand(group, {
    usage: `${verdict} [id...]`,
    summary,
    description: `${summary}.`,
    examples: [`autodidact review ${verdict} reflection_01a1…/1 --by ada --reason 'As agreed.'`],
  }).option('--all', 'all that can be')
  addHandOptions(command)
    .action(
      perform(
        'existing',
        async (autodidact, [ids]: readonly [readonly string[]], { by, reason, all, json }: DecideOptions) => {
          const done: ProposalReceipt[] = []
          const refused: unknown[] = []
          for (const id of await meant(autodidact, verdict, ids, all === true)) {
            await autodidact.proposals[verdict](id, defined({ by, reason })).then((receipt) => done.push(receipt), (error: unknown) => refused.push(error))
          }
          if (done.length === 0 && refused.length > 0) throw refused[0]
          // What was decided stays so and is told, and what could not be is told beside it.
          for (const error of refused) reportFailure(error, { command: `autodidact review ${verdict}`, json: json === true })
          if (refused.length > 0) process.exitCode = exitCodes.failed
          return done
        },
        (receipts) => (receipts.length === 0 ? nothing : receipts.map(receiptText).join('\n')),
      ),
    )
}

export const addReview = (program: Command): void => {
  addGroup(program, {
    name: 'review',
    summary: 'Decide on what a model proposed',
    description: 'Show the changes of the rules that a model proposed, accept or reject them.',
    examples: ['autodidact review', 'autodidact review accept reflection_01a1…/1 --by ada', "autodidact review reject reflection_01a1…/2 --reason 'Not above 100.'"],
    actions: [addList, verdictAction('accept', 'Apply proposals'), verdictAction('reject', 'Reject proposals')],
  })
}
