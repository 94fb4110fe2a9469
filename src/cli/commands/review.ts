import { type Command, InvalidArgumentError } from 'commander'
import type { Autodidact } from '../../autodidact.ts'
import { AutodidactError } from '../../errors.ts'
import type { ProposalReceipt } from '../../reflect/proposals.ts'
import { addFileCommand, defined, type FileOptions, parseCount, print, withAutodidact } from '../command.ts'
import { proposalText } from '../proposal-text.ts'
import { printable } from '../text.ts'

interface Options extends FileOptions {
  readonly by?: string
  readonly reason?: string
  readonly all?: true
  readonly limit?: number
}

type Action = 'list' | 'accept' | 'reject'

const parseAction = (value: string): Action => {
  if (value === 'list' || value === 'accept' || value === 'reject') return value
  throw new InvalidArgumentError('It must be list, accept or reject.')
}

/** The proposals that are meant: those that are named, or all that can be decided so. */
const meant = async (autodidact: Autodidact, action: 'accept' | 'reject', ids: readonly string[], all: boolean): Promise<readonly string[]> => {
  if (all === ids.length > 0) throw new AutodidactError('INVALID_INPUT', `Name the proposals, or all of them with --all: autodidact review ${action} ID. \`autodidact review\` shows the ids.`)
  if (!all) return ids
  const found = await autodidact.proposals.list({ limit: 100_000, ...(action === 'accept' ? { statuses: ['pending'] } : {}) })
  return found.map(({ id }) => id)
}

const receiptText = ({ proposal, outcome, as, item, status }: ProposalReceipt): string =>
  printable(`${status}: ${outcome} ${proposal}${as === undefined ? '' : ` as ${as}`}${item === undefined ? '' : `, rule ${item}`}`)

export const addReview = (program: Command): void => {
  addFileCommand(program, {
    usage: 'review',
    summary: 'Decide on what a model proposed',
    description: 'Show the changes of the rules that a model proposed, accept or reject them.',
    examples: ['autodidact review', 'autodidact review accept reflection_01a1…/1 --by ada', "autodidact review reject reflection_01a1…/2 --reason 'Not above 100.'"],
  })
    .argument('[action]', 'list, accept or reject', parseAction, 'list')
    .argument('[id...]', 'the proposals')
    .option('--all', 'all that are pending')
    .option('--by <name>', 'who decides')
    .option('--reason <text>', 'why')
    .option('--limit <n>', 'show at most so many (default: 100)', parseCount)
    .action(async (action: Action, ids: readonly string[], { by, reason, all, limit, ...options }: Options) => {
      if (action === 'list') {
        const proposals = await withAutodidact(options, 'existing', (autodidact) => autodidact.proposals.list(defined({ limit })))
        print(options, proposals, () => (proposals.length === 0 ? 'Nothing is to be decided.' : proposals.map(proposalText).join('\n\n')))
        return
      }
      const receipts = await withAutodidact(options, 'existing', async (autodidact) => {
        const done: ProposalReceipt[] = []
        for (const id of await meant(autodidact, action, ids, all === true)) done.push(await autodidact.proposals[action](id, defined({ by, reason })))
        return done
      })
      print(options, receipts, () => (receipts.length === 0 ? 'Nothing is to be decided.' : receipts.map(receiptText).join('\n')))
    })
}
