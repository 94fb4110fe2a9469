import { z } from 'zod'
import { AutodidactError, type ErrorCode } from '../errors.ts'
import { validated } from '../log/validate.ts'
import { recordInput } from '../record/input.ts'
import { record } from '../record/record.ts'
import type { Scope } from '../scope.ts'
import { dateOf, episodeOf, Occurrences } from './episode.ts'
import type { Chunks } from './bytes.ts'
import { type FieldMap, fieldMap, fieldMeant } from './fields.ts'
import { episodeLinesOf } from './format.ts'
import { type ImportFormat, importFormats } from './format-names.ts'
import type { Line } from './lines.ts'
import { type Dated, inOrder } from './order.ts'

/** Why a line was not imported. */
export interface ImportProblem {
  /** From 1; of a JSON array, the place in it. */
  readonly line: number
  readonly code: ErrorCode
  readonly message: string
}

/** What came of an import: true when it is returned, whatever happens afterwards. */
export interface ImportReport {
  /** Lines with something on them, rows of a table, or elements of an array. */
  readonly episodes: number
  /** Episodes that were written, and those that were there already, word for word. With `dryRun`, all that could be written count as stored. */
  readonly stored: number
  readonly merged: number
  /** Lines that were not imported. */
  readonly failed: number
  /** Episodes that were written behind younger ones of the same file, because it is too large to be put in order. */
  readonly disordered: number
  /** Steps of the episodes that were stored or merged. */
  readonly steps: number
  /** True when the signal ended it: there may be more in the file. */
  readonly interrupted?: true
  /** The first 100 lines that were not imported. */
  readonly problems: readonly ImportProblem[]
  /** Fields of a name that nobody knows, and how many episodes had them; they were left out. */
  readonly ignored: Readonly<Record<string, number>>
  /** What was probably meant by some of them: `{ sucess: 'success' }`. Absent where there is nothing to guess. */
  readonly meant?: Readonly<Record<string, string>>
  /** Names of the `map` that no line has. Absent where each was found, and where not all was read. */
  readonly unmapped?: readonly string[]
}

export interface ImportSettings {
  /** True: every line is checked and nothing is written. Ids that were used before with other content are found only when it is written. */
  readonly dryRun?: boolean
  /** One JSON object a line (`jsonl`), a JSON array of at most 64 MB (`json`), or a table whose first row names the columns (`csv`). Default: what the beginning looks like. */
  readonly format?: ImportFormat
  /** Which fields of an episode columns or fields of other names are: `{ prompt: 'task' }`. */
  readonly map?: FieldMap
  /** Ends it before the next episode; what was written stays, and the report says `interrupted`. */
  readonly signal?: AbortSignal
  /** Called after each line that had something on it. */
  readonly onEpisode?: (line: number) => void
}

const settingsInput = z.strictObject({
  dryRun: z.boolean().optional(),
  format: z.enum(importFormats).optional(),
  map: fieldMap.optional(),
  signal: z.instanceof(AbortSignal).optional(),
  onEpisode: z.custom<(line: number) => void>((value) => typeof value === 'function', 'must be a function').optional(),
})

/** A text is a list of characters to JavaScript, and surely was meant as a path. */
const sourceInput = z.custom<Chunks>(
  (value) => typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value),
  'must be a read stream of a file, or its text in an array, with the line feeds',
)

const mostProblems = 100

/** What is wrong with one line only: the next ones may be right. Anything else, such as a full disk, ends the import. */
const ofTheLine: ReadonlySet<ErrorCode> = new Set(['INVALID_INPUT', 'ID_CONFLICT', 'FORGOTTEN', 'RUN_MISMATCH'])

/** A line with something on it, and when it says that it happened. */
type DatedLine = Line & Dated

async function* dated(lines: AsyncIterable<Line>, isOver: () => boolean): AsyncGenerator<DatedLine, void, undefined> {
  for await (const line of lines) {
    if (isOver()) return
    yield { ...line, at: line.text === undefined ? undefined : dateOf(line.text), size: line.text?.length ?? 0 }
  }
}

type Written = { readonly status: 'stored' | 'merged'; readonly steps: number; readonly ignored: readonly string[] }

const write = async (scope: Scope, { text, problem = 'is no text' }: Line, occurrences: Occurrences, dryRun: boolean): Promise<Written> => {
  if (text === undefined) throw new AutodidactError('INVALID_INPUT', `The line ${problem}. Correct it, and import the file again: what is there already is not written twice.`)
  const { input, steps, ignored } = episodeOf(text, occurrences)
  if (!dryRun) return { status: (await record(scope, input)).status, steps, ignored }
  validated(recordInput, input, 'episode')
  return { status: 'stored', steps, ignored }
}

/** What `record` says of a call is said of a line: others of the file were written. */
const ofLine = (message: string): string =>
  message.replace(/Nothing was written(; [^;]*|\.)$/, (_, rest: string) => `This line was not written${rest === '; correct it and call again.' ? '; correct it and import the file again.' : rest}`)

/**
 * Records the episodes of a file (JSON lines, a JSON array, or a table), one run each, in the order in which they happened, where they have dates, and otherwise in that of the file. A line that is wrong is reported with its number, and the others are imported all the same. The same
 * episode is written once, however often it is imported; one that is interrupted goes on where it was when it is started again.
 *
 * @param source bytes or text in pieces of any size, such as a read stream; compressed with gzip or not
 * @throws AutodidactError `CORRUPT` where compressed data is damaged, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`; what the source throws
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const episodes = ['{"taskId": 7, "task": "add 2 and 2", "steps": [{"action": "calculator", "ok": true}], "success": true}\n', 'no JSON\n']
 * const { stored, problems } = await autodidact.import(episodes)
 * console.assert(stored === 1 && problems[0]?.line === 2)
 * console.assert((await autodidact.import(episodes)).merged === 1)
 * await autodidact.close()
 * ```
 */
export const importEpisodes = async (scope: Scope, source: Chunks, settings: ImportSettings = {}): Promise<ImportReport> => {
  const { dryRun = false, format, map, signal, onEpisode } = validated(settingsInput, settings, 'import')
  const chunks = validated(sourceInput, source, 'import: source')
  const report = { episodes: 0, stored: 0, merged: 0, failed: 0, disordered: 0, steps: 0 }
  const occurrences = new Occurrences()
  let latest = -Infinity
  const problems: ImportProblem[] = []
  // By a map, because a field may be called like what every object has.
  const ignored = new Map<string, number>()
  const found = new Set<string>()
  // Asked anew each time: it may be aborted meanwhile.
  const isOver = (): boolean => signal?.aborted === true
  for await (const line of inOrder(dated(episodeLinesOf(chunks, format, map, found), isOver))) {
    if (isOver()) break
    report.episodes += 1
    if (line.at !== undefined && line.at < latest) report.disordered += 1
    latest = Math.max(latest, line.at ?? latest)
    try {
      const written = await write(scope, line, occurrences, dryRun)
      report[written.status] += 1
      report.steps += written.steps
      for (const field of written.ignored) ignored.set(field, (ignored.get(field) ?? 0) + 1)
    } catch (error) {
      if (!AutodidactError.is(error) || !ofTheLine.has(error.code)) throw error
      report.failed += 1
      if (problems.length < mostProblems) problems.push({ line: line.number, code: error.code, message: ofLine(error.message) })
    }
    onEpisode?.(line.number)
  }
  const meant = [...ignored.keys()].flatMap((field) => {
    const nearest = fieldMeant(field)
    return nearest === undefined ? [] : [[field, nearest] as const]
  })
  const unmapped = isOver() || report.episodes === 0 ? [] : Object.keys(map ?? {}).filter((name) => !found.has(name))
  return {
    ...report,
    ...(isOver() ? { interrupted: true } : {}),
    problems: problems.toSorted((left, right) => left.line - right.line),
    ignored: Object.fromEntries(ignored),
    ...(meant.length === 0 ? {} : { meant: Object.fromEntries(meant) }),
    ...(unmapped.length === 0 ? {} : { unmapped }),
  }
}
