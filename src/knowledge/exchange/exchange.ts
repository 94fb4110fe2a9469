import { z } from 'zod'
import { AutodidactError, type ErrorCode } from '../../errors.ts'
import { type Chunks, unpacked } from '../../import/bytes.ts'
import { knowledgeItems } from '../../learn/learners/knowledge-items.ts'
import { name } from '../../log/kinds/shared.ts'
import { validated } from '../../log/validate.ts'
import type { Scope } from '../../scope.ts'
import { hasPrototypeName } from '../content.ts'
import { filterInput, type KnowledgeFilter, matches } from '../filter.ts'
import { recordsOf } from './collect.ts'
import { type Entry, mostProblems, ofTheItem } from './entry.ts'
import { type KnowledgeFormat, knowledgeFormats } from './format-names.ts'
import { beginsWithRule } from './hand-written.ts'
import { fromJsonFile, toJsonFile } from './json.ts'
import { fromMarkdownFile, toMarkdownFile } from './markdown.ts'
import { type ItemRecord, itemRecord } from './record.ts'
import { takeIn, type Taken } from './take-in.ts'

/** Which items, and how they are to stand in the file. */
export interface KnowledgeExportSettings extends KnowledgeFilter {
  /** Default `json`. */
  readonly format?: KnowledgeFormat
}

export interface KnowledgeImportSettings {
  /**
   * True: everything is taken over as the file says, with its trust, its uses, its votes and its states. False, the default: only what items say is taken over, trusted as `imported` at most; nothing replaces what somebody here
   * wrote; and what gives orders, hides text, is a core rule, critical or a broadcast waits in quarantine.
   */
  readonly trusted?: boolean
  /** Who told it, so that `forget({ source })` can undo it. Default: `import`, or with `trusted` whoever the file says. */
  readonly source?: string
  /** Default: what the file looks like. */
  readonly format?: KnowledgeFormat
  /** True: everything is checked and nothing is written. */
  readonly dryRun?: boolean
}

/** What was not imported, and why. */
export interface KnowledgeProblem {
  /** From 1. */
  readonly place: number
  /** What the place is counted in: lines of the file, or items of a JSON list. */
  readonly unit: 'line' | 'item'
  /** Of the item, where it has one. */
  readonly id?: string
  readonly code: ErrorCode
  readonly message: string
}

/** What came of an import. With `dryRun`, what would come of it. */
export interface KnowledgeImportReport {
  readonly status: 'imported' | 'dry-run'
  readonly format: KnowledgeFormat
  /** Items that are new, that got new versions, that were here already, and that were refused; together all of the file. */
  readonly stored: number
  readonly extended: number
  readonly merged: number
  readonly failed: number
  /** Versions that were written. */
  readonly versions: number
  /** Items that look suspicious and are shown to nobody before somebody has looked at them. */
  readonly quarantined: readonly string[]
  /** The first 100 that were refused. */
  readonly problems: readonly KnowledgeProblem[]
}

const exportInput = filterInput.extend({ format: z.enum(knowledgeFormats).optional() })

const importInput = z.strictObject({ trusted: z.boolean().optional(), source: name.optional(), format: z.enum(knowledgeFormats).optional(), dryRun: z.boolean().optional() })

const sourceInput = z.union([
  z.string(),
  z.custom<Chunks>((value) => typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value), 'must be the text of a file, or a read stream of one'),
])

/** A file is read whole: twenty thousand items with some versions each. */
const longestFile = 256 * 1024 * 1024

/**
 * Items with all their versions as the text of a file.
 *
 * @throws AutodidactError `INVALID_INPUT`, and what the storage throws
 */
export const exportKnowledge = async (scope: Scope, settings: KnowledgeExportSettings = {}): Promise<string> => {
  const { format = 'json', limit = Number.POSITIVE_INFINITY, ...wanted } = validated(exportInput, settings, 'knowledge.export')
  const view = await scope.runner.view(scope.namespace, knowledgeItems)
  const now = scope.clock()
  const items = view.all().filter((item) => matches(item, wanted, now))
  const records: ItemRecord[] = []
  for await (const record of recordsOf(scope, view, items.slice(0, limit), wanted.for)) records.push(record)
  return format === 'json' ? toJsonFile(records) : toMarkdownFile(records)
}

const textOf = async (source: string | Chunks): Promise<string> => {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of await unpacked(typeof source === 'string' ? [source] : source)) {
    length += part.byteLength
    if (length > longestFile) throw new AutodidactError('LIMIT_EXCEEDED', `knowledge.import: the file has more than ${longestFile / 1024 ** 2} MB. Nothing was imported; export it in parts, by kind or by state.`)
    parts.push(Uint8Array.from(part))
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts))
  } catch (error) {
    throw new AutodidactError('INVALID_INPUT', 'knowledge.import: the file is not UTF-8. Nothing was imported; save it as UTF-8, or pass what knowledge.export gave.', { cause: error })
  }
}

const formatOf = (text: string): KnowledgeFormat => {
  if (beginsWithRule(text)) return 'markdown'
  if (/^\s*[{[]/.test(text)) return 'json'
  if (text.includes('<!-- autodidact ') || fromMarkdownFile(text).some(({ value }) => value !== undefined)) return 'markdown'
  const next = 'Pass what knowledge.export gave, a Markdown list with a text for each item, or a JSON list of texts. Recorded runs and the memories of other programs are read by `autodidact import`.'
  throw new AutodidactError('INVALID_INPUT', `knowledge.import: ${text.trim() === '' ? 'the file is empty' : 'it is neither JSON nor Markdown of knowledge'}. Nothing was imported. ${next}`)
}

const idIn = (value: unknown): { readonly id?: string } =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' ? { id: value.id.slice(0, 512) } : {}

const itemIn = ({ value, problem }: Entry): ItemRecord => {
  if (problem !== undefined) throw problem
  if (hasPrototypeName(value)) throw new AutodidactError('INVALID_INPUT', 'knowledge.import: item has the name "__proto__", which cannot be kept. Use another one.')
  return validated(itemRecord, value, 'knowledge.import: item')
}

/**
 * Takes the items of a file over, one by one: what is wrong with one of them is reported, and the others are imported all the same.
 *
 * @throws AutodidactError `INVALID_INPUT` where it is no file of knowledge, `NEWER_VERSION`, `LIMIT_EXCEEDED`, `CORRUPT` (damaged gzip), `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`; what the source throws
 */
export const importKnowledge = async (scope: Scope, source: string | Chunks, settings: KnowledgeImportSettings = {}): Promise<KnowledgeImportReport> => {
  const { trusted = false, dryRun = false, ...given } = validated(importInput, settings, 'knowledge.import')
  const text = await textOf(validated(sourceInput, source, 'knowledge.import: source'))
  const format = given.format ?? formatOf(text)
  const belief = { trusted, dryRun, source: given.source ?? (trusted ? undefined : 'import') }
  const counts: Record<Taken['status'], number> = { stored: 0, extended: 0, merged: 0 }
  const [quarantined, problems]: [string[], KnowledgeProblem[]] = [[], []]
  let [versions, failed] = [0, 0]
  for (const entry of format === 'json' ? fromJsonFile(text) : fromMarkdownFile(text)) {
    try {
      const record = itemIn(entry)
      const taken = await takeIn(scope, record, belief)
      counts[taken.status] += 1
      versions += taken.versions
      if (taken.quarantined) quarantined.push(record.id)
    } catch (error) {
      if (!AutodidactError.is(error) || !ofTheItem.has(error.code)) throw error
      failed += 1
      if (problems.length < mostProblems) problems.push({ place: entry.place, unit: entry.unit ?? 'line', ...idIn(entry.value), code: error.code, message: error.message })
    }
  }
  return { status: dryRun ? 'dry-run' : 'imported', format, ...counts, failed, versions, quarantined, problems }
}
