import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Autodidact } from '../../autodidact.ts'
import { AutodidactError } from '../../errors.ts'
import type { Consolidation } from '../../knowledge/consolidate.ts'
import type { FieldChange } from '../../knowledge/diff.ts'
import type { KnowledgeFilter } from '../../knowledge/filter.ts'
import { type KnowledgeFormat, knowledgeFormats } from '../../knowledge/exchange/exchange.ts'
import type { KnowledgeInput } from '../../knowledge/input.ts'
import type { KnowledgeItem } from '../../knowledge/in-full.ts'
import type { KnowledgeVersion } from '../../knowledge/knowledge.ts'
import type { KnowledgePruneReport } from '../../knowledge/prune.ts'
import type { KnowledgeReceipt } from '../../knowledge/remember.ts'
import { doubted } from '../../learn/learners/source-reputation.ts'
import { addFileCommand, defined, type FileOptions, parseCount, parseList, parseNumber, print, withAutodidact } from '../command.ts'
import { readObject } from '../input.ts'
import { asText, bold, counted, dim, printable, shortened, wrapped } from '../text.ts'
import { exportItems, importItems } from './knowledge-files.ts'

interface Options extends FileOptions {
  readonly kind?: string
  readonly category?: string
  readonly title?: string
  readonly tag?: readonly string[]
  readonly state?: KnowledgeItem['state']
  readonly priority?: NonNullable<KnowledgeItem['priority']>
  readonly agent?: string
  readonly confidence?: number
  readonly for?: string
  readonly limit?: number
  readonly by?: string
  readonly reason?: string
  readonly number?: number
  readonly from?: number
  readonly to?: number
  readonly failed?: true
  readonly useless?: true
  readonly unusedDays?: number
  readonly apply?: true
  readonly dryRun?: true
  readonly format?: KnowledgeFormat
  readonly trusted?: true
  readonly input?: string
}

type Work = (autodidact: Autodidact, words: readonly string[], options: Options) => Promise<readonly [value: unknown, text: () => string]>

interface Action {
  readonly usage: string
  readonly mode: 'create' | 'existing' | 'reading'
  readonly work: Work
}

const states = ['experimental', 'validated', 'deprecated', 'archived', 'quarantined'] as const

const dayMs = 24 * 3_600_000

const needed = (value: string | undefined, action: string): string => {
  if (value !== undefined && value !== '') return value
  throw new AutodidactError('INVALID_INPUT', `Name the item: autodidact knowledge ${actions[action]?.usage ?? action}. \`autodidact knowledge list\` shows the ids.`)
}

const numberOf = (option: number | undefined, what: string): number => {
  if (option !== undefined) return option
  throw new AutodidactError('INVALID_INPUT', `Name the version with --number N. \`autodidact knowledge history ${what}\` shows them.`)
}

const dateOf = (time: number): string => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')}Z`

const receiptText = ({ id, status, flags, state }: KnowledgeReceipt): string => {
  const notes = [flags.length === 0 ? '' : `It looks suspicious: ${flags.join(', ')}.`, state === 'quarantined' ? 'Nobody is shown it before `autodidact knowledge move ID experimental`.' : ''].filter((note) => note !== '')
  return [`${status}: ${printable(id)}`, ...(notes.length === 0 ? [] : [notes.join(' ')])].join('\n')
}

const headOf = ({ id, kind, state, number, score, total, confidence, reputation }: KnowledgeItem): string => {
  const uses = total.uses === 0 ? 'never used' : `${counted(total.uses, 'use')}, surely ${Math.round(confidence * 100)} % good`
  return `${bold(shortened(id, 44))}  ${dim(`${printable(kind)}${score === undefined ? '' : ` ${score}`}, ${state}, version ${number}, ${uses}${reputation < doubted ? `, source ranked at ${Math.round(reputation * 100)} %` : ''}`)}`
}

const saidIn = ({ title, content }: Pick<KnowledgeItem, 'title' | 'content'>, width: number): string => {
  const text = `${title === undefined ? '' : `${title}: `}${asText(content)}`
  return wrapped(width === 0 ? printable(text) : shortened(printable(text), width), 2)
}

const listText = (items: readonly KnowledgeItem[]): string => (items.length === 0 ? 'There is none.' : items.map((item) => `${headOf(item)}\n${saidIn(item, 150)}`).join('\n'))

const effectText = ({ effect }: KnowledgeItem): readonly string[] =>
  effect === undefined
    ? []
    : [`  effect    ${effect.difference >= 0 ? '+' : ''}${effect.difference.toFixed(2)} on success (95 %: ${effect.low.toFixed(2)} to ${effect.high.toFixed(2)}; ${effect.offered} runs with it, ${effect.withheld} without)`]

const itemText = (item: KnowledgeItem): string => {
  const { category, tags, channel, priority, targets, links, evidence, source, trust, votes } = item
  const about = defined({ category, tags: tags.length === 0 ? undefined : tags.join(', '), channel, priority, 'only for': targets?.join(', '), 'made of': evidence.length === 0 ? undefined : evidence.join(', ') })
  return [
    headOf(item),
    saidIn(item, 0),
    ...Object.entries(about).map(([name, value]) => `  ${name.padEnd(9)} ${printable(value)}`),
    ...links.map(({ relation, to }) => `  ${relation} ${printable(to)}`),
    `  source    ${printable(source)}, ${trust}`,
    `  votes     ${votes.useful} useful, ${votes.notUseful} not`,
    ...effectText(item),
  ].join('\n')
}

const versionText = ({ number, occurredAt, author, reason, title, content, uses, rate, restores }: KnowledgeVersion): string =>
  [
    `${bold(`version ${number}`)}  ${dim(`${dateOf(occurredAt)}${author === undefined ? '' : ` by ${printable(author)}`}${restores === undefined ? '' : `, as version ${restores}`}, ${counted(uses, 'use')}${rate === undefined ? '' : `, ${Math.round(rate * 100)} % good`}`)}`,
    ...(reason === undefined ? [] : [wrapped(printable(reason), 2)]),
    saidIn({ title, content }, 300),
  ].join('\n')

const shown = (value: FieldChange['before']): string => (value === undefined ? '–' : shortened(printable(asText(value)), 300))

const changeText = ({ field, before, after, lines }: FieldChange): string => {
  const changed = lines === undefined ? [`  - ${shown(before)}`, `  + ${shown(after)}`] : [...lines.removed.map((line) => `  - ${printable(line)}`), ...lines.added.map((line) => `  + ${printable(line)}`)]
  return [bold(field), ...changed].join('\n')
}

const consolidationText = ({ keep, merge, refused }: Consolidation): string =>
  [
    bold(`keep ${printable(keep.id)}`),
    saidIn({ title: undefined, content: keep.text }, 150),
    ...merge.map(({ id, text, overlap }) => `  merge ${printable(id)} (${Math.round(overlap * 100)} % of the terms)\n${saidIn({ title: undefined, content: text }, 150)}`),
    ...(refused === undefined ? [] : [`  ${refused}`]),
  ].join('\n')

const prunedText = ({ status, items }: KnowledgePruneReport): string =>
  [`${counted(items.length, 'item')} ${status === 'archived' ? 'archived' : 'would be archived'}.`, ...items.map(({ id, uses, lastUsedAt }) => `  ${printable(id)}  ${dim(lastUsedAt === undefined ? 'never used' : `${counted(uses, 'use')}, last ${dateOf(lastUsedAt)}`)}`)].join('\n')

/** What the flags say of an item; the verb checks every field. */
const saidBy = ({ kind, category, title, tag, priority, agent, by, reason }: Options) => defined({ kind, category, title, tags: tag, priority, agent, author: by, reason })

const filterOf = ({ kind, category, tag, state, priority, agent, confidence, limit, for: reader }: Options): KnowledgeFilter =>
  defined({
    kinds: kind === undefined ? undefined : [kind], categories: category === undefined ? undefined : [category], tags: tag, states: state === undefined ? undefined : [state],
    leastPriority: priority, agents: agent === undefined ? undefined : [agent], leastConfidence: confidence, limit, for: reader,
  })

const actions: Readonly<Record<string, Action>> = {
  add: {
    usage: 'add CONTENT',
    mode: 'create',
    work: async ({ knowledge }, [content], options) => {
      const receipt = await knowledge.add({ ...(await readObject(options.input)), ...saidBy(options), ...defined({ content }) } as KnowledgeInput)
      return [receipt, () => receiptText(receipt)]
    },
  },
  update: {
    usage: 'update ID [CONTENT]',
    mode: 'existing',
    work: async ({ knowledge }, [id, content], options) => {
      const receipt = await knowledge.update(needed(id, 'update'), { ...(await readObject(options.input)), ...saidBy(options), ...defined({ content, expected: options.number }) })
      return [receipt, () => receiptText(receipt)]
    },
  },
  list: {
    usage: 'list',
    mode: 'reading',
    work: async ({ knowledge }, _words, options) => {
      const items = await knowledge.list(filterOf(options))
      return [items, () => listText(items)]
    },
  },
  show: {
    usage: 'show ID',
    mode: 'reading',
    work: async ({ knowledge }, [id]) => {
      const item = await knowledge.get(needed(id, 'show'))
      if (item === undefined) throw new AutodidactError('UNKNOWN_ID', `There is no knowledge "${shortened(id ?? '', 60)}". See autodidact knowledge list.`)
      return [item, () => itemText(item)]
    },
  },
  history: {
    usage: 'history ID',
    mode: 'reading',
    work: async ({ knowledge }, [id]) => {
      const versions = await knowledge.history(needed(id, 'history'))
      return [versions, () => versions.map(versionText).join('\n')]
    },
  },
  diff: {
    usage: 'diff ID',
    mode: 'reading',
    work: async ({ knowledge }, [id], { from, to }) => {
      const changes = await knowledge.diff(needed(id, 'diff'), from, to)
      return [changes, () => (changes.length === 0 ? 'They say the same.' : changes.map(changeText).join('\n'))]
    },
  },
  revert: {
    usage: 'revert ID --number N',
    mode: 'existing',
    work: async ({ knowledge }, [id], { number, by, reason }) => {
      const item = needed(id, 'revert')
      const receipt = await knowledge.revert(item, numberOf(number, item), defined({ author: by, reason }))
      return [receipt, () => receiptText(receipt)]
    },
  },
  use: {
    usage: 'use ID',
    mode: 'existing',
    work: async ({ knowledge }, [id], { failed, number, reason }) => {
      const item = needed(id, 'use')
      await knowledge.use(item, { success: failed !== true, ...defined({ number, note: reason }) })
      const now = await knowledge.get(item)
      return [now, () => (now === undefined ? 'noted' : headOf(now))]
    },
  },
  vote: {
    usage: 'vote ID --by NAME',
    mode: 'existing',
    work: async ({ knowledge }, [id], { by, useless }) => {
      const item = needed(id, 'vote')
      if (by === undefined) throw new AutodidactError('INVALID_INPUT', 'Say who votes with --by NAME: one vote a voter.')
      await knowledge.vote(item, { voter: by, useful: useless !== true })
      const now = await knowledge.get(item)
      return [now?.votes, () => `${now?.votes.useful ?? 0} useful, ${now?.votes.notUseful ?? 0} not`]
    },
  },
  move: {
    usage: `move ID ${states.join('|')}`,
    mode: 'existing',
    work: async ({ knowledge }, [id, state], { by, reason }) => {
      const item = needed(id, 'move')
      // `move` checks the state.
      await knowledge.move(item, needed(state, 'move') as KnowledgeItem['state'], defined({ by, reason }))
      const now = await knowledge.get(item)
      return [now, () => (now === undefined ? 'moved' : headOf(now))]
    },
  },
  prune: {
    usage: 'prune',
    mode: 'existing',
    work: async ({ knowledge }, _words, { unusedDays, dryRun }) => {
      const report = await knowledge.prune(defined({ unusedForMs: unusedDays === undefined ? undefined : Math.round(unusedDays * dayMs), dryRun }))
      return [report, () => prunedText(report)]
    },
  },
  consolidate: {
    usage: 'consolidate',
    mode: 'existing',
    work: async ({ knowledge }, _words, { apply, by }) => {
      const proposals = await knowledge.consolidate()
      if (apply === true) for (const proposal of proposals) if (proposal.refused === undefined) await knowledge.merge(proposal, defined({ author: by }))
      const end = apply === true ? 'merged' : 'could be merged: add --apply'
      return [proposals, () => (proposals.length === 0 ? 'No two items say nearly the same.' : [...proposals.map(consolidationText), dim(`${counted(proposals.length, 'group')} ${end}`)].join('\n'))]
    },
  },
  export: {
    usage: 'export [FILE]',
    mode: 'reading',
    work: (autodidact, [path], options) => exportItems(autodidact, filterOf(options), { path, format: options.format }),
  },
  import: {
    usage: 'import FILE [--trusted] [--dry-run]',
    mode: 'create',
    work: (autodidact, [path], { format, trusted, dryRun }) => {
      if (path === undefined || path === '') throw new AutodidactError('INVALID_INPUT', 'Name the file: autodidact knowledge import FILE, or - for standard input.')
      return importItems(autodidact, { path, format }, { trusted, dryRun })
    },
  },
}

const names = Object.keys(actions)

const parseAction = (value: string): string => {
  if (Object.hasOwn(actions, value)) return value
  throw new InvalidArgumentError(`It must be one of ${names.join(', ')}.`)
}

export const addKnowledge = (program: Command): void => {
  addFileCommand(program, {
    usage: 'knowledge',
    summary: 'Rules and lessons: versions, uses, states',
    description: `Look at what is known, change it, and tell of its use:\n${Object.values(actions).map(({ usage }) => `  ${usage}`).join('\n')}\n\nA file is JSON or Markdown. An import writes what is not there yet; items that are wrong are\nreported, the others are imported, and the exit code is 1. Without --trusted it\nbrings what items say: no trust, no uses or votes, and no later versions of what was written here.`,
    examples: [
      "autodidact knowledge add '[RESPONSE_PRINCIPLE|0.9] Be concise.' --by ada",
      'autodidact knowledge list --state validated --json',
      "autodidact knowledge update refunds 'Refund later.' --reason 'Too fast.'",
      'autodidact knowledge revert refunds --number 1',
      'autodidact knowledge vote refunds --by grace',
      'autodidact knowledge export rules.md',
      'autodidact knowledge import rules.md --dry-run',
    ],
  })
    .argument('<action>', `one of ${names.join(', ')}`, parseAction)
    .argument('[id...]', 'the id of an item, then its content or the state to move it to; or a file')
    .option('--kind <name>', 'solution, technique, warning, CORE_RULE, …')
    .option('--category <name>', 'what it belongs to')
    .option('--title <text>', 'what it is about')
    .option('--tag <name>', 'may be repeated', parseList)
    .addOption(new Option('--state <state>', 'only those in this state').choices([...states]))
    .addOption(new Option('--priority <priority>', 'of an item; in a list, this or a higher one').choices(['low', 'medium', 'high', 'critical']))
    .option('--agent <name>', 'whose it is')
    .option('--for <agent>', 'as this agent sees it')
    .option('--confidence <share>', 'only those that are surely at least so good', parseNumber)
    .option('--limit <n>', 'at most so many', parseCount)
    .option('--by <name>', 'who writes, votes or moves')
    .option('--reason <text>', 'why')
    .option('--number <n>', 'to bring back, to tell of, or that an update is meant for', parseCount)
    .option('--from <n>', 'a version to compare (default: the one before the last)', parseCount)
    .option('--to <n>', 'with this one (default: the last)', parseCount)
    .option('--failed', 'the use did not go well')
    .option('--useless', 'a vote against')
    .option('--unused-days <n>', 'prune what was not used for so many days (default: 90)', parseNumber)
    .option('--apply', 'merge what is proposed')
    .option('--dry-run', 'only say what would be archived or imported')
    .addOption(new Option('--format <format>', 'of a file; otherwise what it looks like').choices(knowledgeFormats))
    .option('--trusted', 'import trust, uses, votes and states as the file says')
    .option('--input <file>', 'an item as a JSON object, - for standard input; flags win')
    .action(async (action: string, given: readonly string[], options: Options) => {
      const chosen = actions[action]
      if (chosen === undefined) throw new AutodidactError('INVALID_INPUT', `"${shortened(action, 40)}" is no action of knowledge.`)
      const [value, text] = await withAutodidact(options, chosen.mode, (autodidact) => chosen.work(autodidact, given, options))
      print(options, value, text)
    })
}
