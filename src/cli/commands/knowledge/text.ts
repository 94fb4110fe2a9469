import type { KnowledgeArchiveReport } from '../../../knowledge/archive.ts'
import type { Consolidation } from '../../../knowledge/consolidate.ts'
import type { FieldChange } from '../../../knowledge/diff.ts'
import type { KnowledgeItem } from '../../../knowledge/in-full.ts'
import type { KnowledgeVersion } from '../../../knowledge/knowledge.ts'
import type { KnowledgePruneReport } from '../../../knowledge/prune.ts'
import type { KnowledgeReceipt } from '../../../knowledge/remember.ts'
import type { KnowledgeStatistics, NamedCount } from '../../../knowledge/statistics.ts'
import { doubted } from '../../../learn/learners/source-reputation.ts'
import { defined } from '../../option-values.ts'
import { asText, bold, counted, dim, printable, shortened, shownId, wrapped } from '../../text.ts'

const dateOf = (time: number): string => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')}Z`

export const receiptText = ({ id, status, flags, state }: KnowledgeReceipt): string => {
  const notes = [flags.length === 0 ? '' : `It looks suspicious: ${flags.join(', ')}.`, state === 'quarantined' ? 'Nobody is shown it before `autodidact knowledge move ID experimental`.' : ''].filter((note) => note !== '')
  return [`${status}: ${printable(id)}`, ...(notes.length === 0 ? [] : [notes.join(' ')])].join('\n')
}

export const headOf = ({ id, kind, state, expired, number, score, total, confidence, reputation }: KnowledgeItem): string => {
  const uses = total.uses === 0 ? 'never used' : `${counted(total.uses, 'use')}, at least ${Math.round(confidence * 100)} % good`
  return `${bold(shownId(id))}  ${dim(`${printable(kind)}${score === undefined ? '' : ` ${score}`}, ${state}${expired ? ', expired' : ''}, version ${number}, ${uses}${reputation < doubted ? `, source ranked at ${Math.round(reputation * 100)} %` : ''}`)}`
}

const saidIn = ({ title, content }: Pick<KnowledgeItem, 'title' | 'content'>, width: number): string => {
  const text = `${title === undefined ? '' : `${title}: `}${asText(content)}`
  return wrapped(width === 0 ? printable(text) : shortened(printable(text), width), 2)
}

export const listText = (items: readonly KnowledgeItem[]): string => (items.length === 0 ? 'There is none.' : items.map((item) => `${headOf(item)}\n${saidIn(item, 150)}`).join('\n'))

/** So many names of each list are told. */
const mostNames = 10

const namedText = (names: readonly NamedCount[]): string => {
  const more = names.length - mostNames
  return `${names.slice(0, mostNames).map(({ name, items }) => `${printable(name)} ${items}`).join(', ')}${more > 0 ? `, and ${more} more` : ''}`
}

export const statisticsText = ({ items, versions, states, expired, kinds, categories, channels, contributors, uses, votes, viewed, applied }: KnowledgeStatistics): string => {
  const named = { states: Object.entries(states).flatMap(([name, count]) => (count > 0 ? [{ name, items: count }] : [])), expired: expired > 0 ? [{ name: 'true no longer', items: expired }] : [], kinds, categories, channels, contributors }
  return [
    bold(`${counted(items, 'item')}, ${counted(versions, 'version')}`),
    ...Object.entries(named).flatMap(([name, list]) => (list.length === 0 ? [] : [`  ${name.padEnd(12)} ${namedText(list)}`])),
    `  ${'uses'.padEnd(12)} ${uses.uses}, ${votes.useful} votes for and ${votes.notUseful} against, looked at by ${viewed} and applied by ${applied}`,
  ].join('\n')
}

const effectText = ({ effect }: KnowledgeItem): readonly string[] =>
  effect === undefined
    ? []
    : [`  effect    ${effect.difference >= 0 ? '+' : ''}${effect.difference.toFixed(2)} on success (95 %: ${effect.low.toFixed(2)} to ${effect.high.toFixed(2)}; ${effect.offered} runs with it, ${effect.withheld} without)`]

export const itemText = (item: KnowledgeItem): string => {
  const { category, context, tags, validUntil, channel, priority, targets, links, linkedFrom, mergedInto, evidence, source, trust, votes } = item
  const about = defined({ category, context: context === undefined ? undefined : asText(context), until: validUntil === undefined ? undefined : dateOf(validUntil), tags: tags.length === 0 ? undefined : tags.join(', '), channel, priority, 'only for': targets?.join(', '), 'made of': evidence.length === 0 ? undefined : evidence.join(', '), 'went into': mergedInto })
  return [
    headOf(item),
    saidIn(item, 0),
    ...Object.entries(about).map(([name, value]) => `  ${name.padEnd(9)} ${printable(value)}`),
    ...links.map(({ relation, to }) => `  ${relation} ${printable(to)}`),
    ...linkedFrom.map(({ relation, from }) => `  from ${printable(from)}: ${relation}`),
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

export const historyText = (versions: readonly KnowledgeVersion[]): string => versions.map(versionText).join('\n')

const shown = (value: FieldChange['before']): string => (value === undefined ? '–' : shortened(printable(asText(value)), 300))

const changeText = ({ field, before, after, lines }: FieldChange): string => {
  const changed = lines === undefined ? [`  - ${shown(before)}`, `  + ${shown(after)}`] : [...lines.removed.map((line) => `  - ${printable(line)}`), ...lines.added.map((line) => `  + ${printable(line)}`)]
  return [bold(field), ...changed].join('\n')
}

export const changesText = (changes: readonly FieldChange[]): string => (changes.length === 0 ? 'They say the same.' : changes.map(changeText).join('\n'))

const consolidationText = ({ keep, merge, trust, refused }: Consolidation): string =>
  [
    bold(`keep ${printable(keep.id)}`),
    saidIn({ title: undefined, content: keep.text }, 150),
    ...merge.map(({ id, text, overlap }) => `  merge ${printable(id)} (${Math.round(overlap * 100)} % of the terms)\n${saidIn({ title: undefined, content: text }, 150)}`),
    ...(trust.after === trust.before ? [] : [`  trusted as ${trust.after} then, and no longer as ${trust.before}`]),
    ...(refused === undefined ? [] : [`  ${refused}`]),
  ].join('\n')

export const consolidationsText = (proposals: readonly Consolidation[], isApplied: boolean): string => {
  if (proposals.length === 0) return 'No two items say nearly the same.'
  const refused = proposals.filter((proposal) => proposal.refused !== undefined).length
  const merged = `${counted(proposals.length - refused, 'group')} ${isApplied ? 'merged' : 'could be merged'}`
  const others = refused === 0 ? '' : `, ${refused} could not${isApplied ? ' be' : ''}`
  return [...proposals.map(consolidationText), dim(`${merged}${others}${isApplied || refused === proposals.length ? '' : ': add --apply'}`)].join('\n')
}

export const archivedText = ({ status, items, problems }: KnowledgeArchiveReport): string =>
  [`${counted(items.length, 'item')} ${status === 'archived' ? 'archived' : 'would be archived'}.`, ...items.map(({ id, state }) => `  ${printable(id)}  ${dim(`was ${state}`)}`), ...problems.map(({ id, message }) => `  ${printable(id)}: ${printable(message)}`)].join('\n')

export const prunedText = ({ status, items }: KnowledgePruneReport): string =>
  [`${counted(items.length, 'item')} ${status === 'archived' ? 'archived' : 'would be archived'}.`, ...items.map(({ id, uses, lastUsedAt }) => `  ${printable(id)}  ${dim(lastUsedAt === undefined ? 'never used' : `${counted(uses, 'use')}, last ${dateOf(lastUsedAt)}`)}`)].join('\n')
