import type { Command } from 'commander'
import type { Autodidact } from '../../../autodidact.ts'
import { AutodidactError } from '../../../errors.ts'
import type { KnowledgeItem } from '../../../knowledge/in-full.ts'
import { addFileCommand, type FileOptions } from '../../command.ts'
import type { Action } from '../../group.ts'
import { defined, parseCount, parseDays } from '../../option-values.ts'
import { perform, unlessDry } from '../../perform.ts'
import { addOwnedOptions, filterOf, type OwnedOptions } from '../../filter-options.ts'
import { knowledgeStates } from '../../../log/knowledge-names.ts'
import { idMeant } from '../../id-meant.ts'
import { addHandOptions, type HandOptions, sourceOption } from '../../item-options.ts'
import { daysInMs } from '../../times.ts'
import { shortened } from '../../text.ts'
import { archivedText, consolidationsText, headOf, prunedText } from './text.ts'

interface SaidOptions extends FileOptions {
  readonly source?: string
}

interface UseOptions extends SaidOptions {
  readonly failed?: true
  readonly number?: number
  readonly reason?: string
}

interface VoteOptions extends SaidOptions {
  readonly by: string
  readonly useless?: true
}

interface MoveOptions extends SaidOptions, HandOptions {}

interface ArchiveOptions extends SaidOptions, HandOptions, OwnedOptions {
  readonly dryRun?: true
}

interface PruneOptions extends FileOptions {
  readonly unusedDays?: number
  readonly dryRun?: true
}

interface ConsolidateOptions extends FileOptions {
  readonly apply?: true
  readonly by?: string
}

/** The item as it stands after something was said of it. */
const itemNow = async ({ knowledge }: Autodidact, id: string): Promise<KnowledgeItem> => {
  const item = await knowledge.get(id)
  if (item === undefined) throw new AutodidactError('UNKNOWN_ID', `"${shortened(id, 60)}" was forgotten meanwhile. See \`autodidact knowledge list\`.`)
  return item
}

const addUse = (group: Command): void => {
  addFileCommand(group, {
    usage: 'use <id>',
    summary: 'It was used, and how that went',
    description: 'Tell of a use outside of recorded runs.',
    examples: ['autodidact knowledge use refunds', "autodidact knowledge use refunds --failed --reason 'The bank said no.'"],
  })
    .option('--failed', 'the use did not go well')
    .option('--number <n>', 'the version that was used (default: the last)', parseCount)
    .option('--reason <text>', 'a note')
    .option(...sourceOption)
    .action(
      perform(
        'existing',
        async (autodidact, [given]: readonly [string], { failed, number, reason, source }: UseOptions) => {
          const id = await idMeant(autodidact, given)
          await autodidact.knowledge.use(id, { success: failed !== true, ...defined({ number, note: reason, source }) })
          return itemNow(autodidact, id)
        },
        headOf,
      ),
    )
}

const addVote = (group: Command): void => {
  addFileCommand(group, {
    usage: 'vote <id>',
    summary: 'Is it useful?',
    description: 'Vote on an item: one vote a voter, the last, and none by its author.',
    examples: ['autodidact knowledge vote refunds --by grace', 'autodidact knowledge vote refunds --by linus --useless'],
  })
    .requiredOption('--by <name>', 'who votes')
    .option('--useless', 'a vote against it')
    .option(...sourceOption)
    .action(
      perform(
        'existing',
        async (autodidact, [given]: readonly [string], { by, useless, source }: VoteOptions) => {
          const id = await idMeant(autodidact, given)
          await autodidact.knowledge.vote(id, { voter: by, useful: useless !== true, ...defined({ source }) })
          return (await itemNow(autodidact, id)).votes
        },
        ({ useful, notUseful }) => `${useful} useful, ${notUseful} not`,
      ),
    )
}

const addMove = (group: Command): void => {
  const command = addFileCommand(group, {
    usage: 'move <id> <state>',
    summary: 'Put it into a state by hand',
    description: `Put an item into a state: ${knowledgeStates.join(', ')}.`,
    examples: ["autodidact knowledge move refunds archived --reason 'Gone.'"],
  })
  addHandOptions(command)
    .option(...sourceOption)
    .action(
      perform(
        'existing',
        async (autodidact, [given, state]: readonly [string, string], { by, reason, source }: MoveOptions) => {
          const id = await idMeant(autodidact, given)
          // `move` checks the state.
          await autodidact.knowledge.move(id, state as KnowledgeItem['state'], defined({ by, reason, source }))
          return itemNow(autodidact, id)
        },
        headOf,
      ),
    )
}

const addArchive = (group: Command): void => {
  const command = addFileCommand(group, {
    usage: 'archive [text]',
    summary: 'Put away what says a text, or all of a kind',
    description: 'Archive the items that say a text and nothing else, that suit the filters, or both.',
    examples: ["autodidact knowledge archive '[RESPONSE_PRINCIPLE|0.9] Be concise.' --by ada", 'autodidact knowledge archive --kind CORE_RULE --dry-run'],
  })
  addHandOptions(addOwnedOptions(command))
    .option(...sourceOption)
    .option('--dry-run', 'only say what would be archived')
    .action(
      perform(
        (options: ArchiveOptions) => unlessDry(options),
        ({ knowledge }, [text]: readonly [string | undefined], { by, reason, source, dryRun, ...filter }: ArchiveOptions) => knowledge.archive({ ...filterOf(filter), ...defined({ text }) }, defined({ by, reason, source, dryRun })),
        archivedText,
      ),
    )
}

const addPrune = (group: Command): void => {
  addFileCommand(group, {
    usage: 'prune',
    summary: 'Archive what nobody uses',
    description: 'Archive what was not used for long, also what never was; not what is validated,\ncritical, or a core rule.',
    examples: ['autodidact knowledge prune --unused-days 30 --dry-run'],
  })
    .option('--unused-days <n>', 'not used for so many days (default: 90)', parseDays)
    .option('--dry-run', 'only say what would be archived')
    .action(
      perform(
        (options: PruneOptions) => unlessDry(options),
        ({ knowledge }, _words: readonly [], { unusedDays, dryRun }: PruneOptions) => knowledge.prune(defined({ unusedForMs: daysInMs(unusedDays), dryRun })),
        prunedText,
      ),
    )
}

const addConsolidate = (group: Command): void => {
  addFileCommand(group, {
    usage: 'consolidate',
    summary: 'Merge what says nearly the same',
    description: 'Show which items say nearly the same, and what merging them would do.',
    examples: ['autodidact knowledge consolidate', 'autodidact knowledge consolidate --apply --by ada'],
  })
    .option('--apply', 'merge what is proposed and not refused')
    .option('--by <name>', 'who does so')
    .action(
      perform(
        ({ apply }: ConsolidateOptions) => (apply === true ? 'existing' : 'reading'),
        async ({ knowledge }, _words: readonly [], { apply, by }: ConsolidateOptions) => {
          const proposals = await knowledge.consolidate()
          if (apply === true) for (const proposal of proposals) if (proposal.refused === undefined) await knowledge.merge(proposal, defined({ author: by }))
          return proposals
        },
        (proposals, { apply }) => consolidationsText(proposals, apply === true),
      ),
    )
}

/** The actions by which an item earns its place, or loses it. */
export const life: readonly Action[] = [addUse, addVote, addMove, addArchive, addPrune, addConsolidate]
