import type { SingleBar } from 'cli-progress'
import { type Command, Option } from 'commander'
import { createReadStream, statSync } from 'node:fs'
import { AutodidactError } from '../../errors.ts'
import type { Autodidact } from '../../autodidact.ts'
import { importFormats, type ImportFormat } from '../../import/format-names.ts'
import type { MemoryImportReport } from '../../foreign/take-over.ts'
import type { ImportReport } from '../../import/import.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { parsePair } from '../option-values.ts'
import { print, tryOut, withAutodidact } from '../perform.ts'
import { exitCodes } from '../failure.ts'
import { memoriesIn, memoryText } from '../memory-text.ts'
import { bold, counted, printable, wrapped } from '../text.ts'

interface Options extends FileOptions {
  readonly dryRun?: true
  readonly format?: ImportFormat
  readonly map?: Readonly<Record<string, string>>
  readonly source?: string
}

interface EpisodesReport extends ImportReport {
  readonly file: string
}

interface MemoryReport extends MemoryImportReport {
  readonly file: string
}

type FileReport = EpisodesReport | MemoryReport

/** Bytes of a file; 0 for standard input and other pipes, which do not tell. */
const sizeOf = (path: string): number => {
  if (path === '-') return 0
  try {
    const status = statSync(path)
    if (status.isDirectory()) throw new AutodidactError('CANNOT_OPEN', `"${path}" is a folder. Name the files in it.`)
    return status.isFile() ? status.size : 0
  } catch (error) {
    if (AutodidactError.is(error)) throw error
    throw new AutodidactError('CANNOT_OPEN', `The file "${path}" cannot be read. Nothing was imported; check the path, or pass - for standard input.`, { cause: error })
  }
}

/** Aborted by the first Ctrl-C; the second one ends the process, as always. */
const interruptible = (): { readonly signal: AbortSignal; readonly done: () => void } => {
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  process.once('SIGINT', stop)
  return { signal: controller.signal, done: () => void process.off('SIGINT', stop) }
}

/** A bar on a terminal, nothing elsewhere. */
const barOf = async (total: number, json: boolean): Promise<SingleBar | undefined> => {
  if (json || total === 0 || !process.stderr.isTTY) return undefined
  const { SingleBar } = await import('cli-progress')
  const bar = new SingleBar({ format: 'importing [{bar}] {percentage} %, {episodes} episodes', stream: process.stderr, hideCursor: true, clearOnComplete: true })
  bar.start(total, 0, { episodes: 0 })
  return bar
}

async function* chunksOf(path: string, signal: AbortSignal, advance: (bytes: number) => void): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 256 * 1024 })
  // Nobody may ever write to a pipe again.
  signal.addEventListener('abort', () => void stream.destroy(), { once: true })
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      advance(chunk.byteLength)
      yield chunk
    }
  } catch (error) {
    if (signal.aborted) return
    throw new AutodidactError('CANNOT_OPEN', `"${path}" cannot be read to its end. What came before was imported; import it again to go on.`, { cause: error })
  }
}

const episodesText = ({ file, stored, merged, failed, steps, disordered, interrupted, problems, ignored, meant, unmapped = [] }: EpisodesReport, dryRun: boolean): string => {
  const rest = failed - problems.length
  return [
    bold(`${file}: ${counted(stored, 'episode')} ${dryRun ? 'could be imported' : 'imported'}, ${merged} were there, ${failed} refused, ${counted(steps, 'step')}`),
    ...(interrupted === true ? ['  interrupted: import it again to go on; what is there is not written twice'] : []),
    ...problems.map(({ line, code, message }) => wrapped(`line ${line}: ${code}: ${message}`, 2)),
    ...(rest > 0 ? [`  and ${rest} more lines`] : []),
    ...(disordered === 0 ? [] : [`  ${disordered} are behind younger ones: the file is too large to be put in order. Reports go by their dates; what is learned does not. Sort such a file by date first.`]),
    ...Object.entries(ignored).map(([field, episodes]) => `  left out: ${printable(field)} (${counted(episodes, 'episode')})${meant !== undefined && Object.hasOwn(meant, field) ? `; did you mean ${meant[field] ?? ''}?` : ''}`),
    ...unmapped.map((name) => `  --map ${printable(name)}: no line has a field of this name`),
  ].join('\n')
}

const reportText = (reports: readonly FileReport[], dryRun: boolean): string =>
  reports.map((report) => ('episodes' in report ? episodesText(report, dryRun) : memoryText(report.file, report))).join('\n')

export const addImport = (program: Command): void => {
  addFileCommand(program, {
    usage: 'import <files...>',
    summary: 'Record episodes from files, or take a foreign memory over',
    description: 'Record runs of other programs: files with one episode as a JSON object a line, a JSON array, or\na table (CSV) whose first row names the columns, also compressed with gzip; - reads standard\ninput. The same episode is written once. A line that is wrong is reported, the others are\nimported, and the exit code is 1. Ctrl-C ends it and says how many were imported.\n\nThe memory of another program, JSON lines of an MCP memory server or a SQLite file of mem0,\nbecomes knowledge that is trusted as imported; look at it with --dry-run and `autodidact audit`.',
    examples: ['autodidact import episodes.jsonl', 'autodidact import runs/*.jsonl.gz --dry-run --json', 'autodidact import runs.csv --map prompt=task --map ok=success', 'autodidact import memory.jsonl --dry-run'],
  })
    .option('--dry-run', 'check every line and write nothing')
    .addOption(new Option('--format <format>', 'what the files are; otherwise what they look like').choices(importFormats))
    .option('--map <column=field>', 'which field of an episode a column is; may be repeated', parsePair)
    .option('--source <name>', 'who told a foreign memory; otherwise its format and file')
    .action(async (files: readonly string[], { dryRun: isDry, format, map, source, ...options }: Options) => {
      const dryRun = isDry === true
      const size = files.reduce((sum, file) => sum + sizeOf(file), 0)
      const memories = format === undefined && map === undefined ? await memoriesIn(files) : new Set<string>()
      if (source !== undefined && !files.every((file) => memories.has(file))) {
        throw new AutodidactError('INVALID_INPUT', 'import: --source is for the memory of another program, and an episode names its own. Nothing was imported; leave it out, or import the memory by itself.')
      }
      const bar = await barOf(size, options.json === true)
      const { signal, done } = interruptible()
      let episodes = 0
      const settings = { dryRun, signal, ...(format === undefined ? {} : { format }), ...(map === undefined ? {} : { map }), onEpisode: () => void (episodes += 1) }
      const work = async (autodidact: Pick<Autodidact, 'import' | 'importMemory'>): Promise<FileReport[]> => {
        const reports: FileReport[] = []
        for (const file of files) {
          if (memories.has(file)) {
            reports.push({ file, ...(await autodidact.importMemory(file, { dryRun, ...(source === undefined ? {} : { source }) })) })
            continue
          }
          const chunks = chunksOf(file, signal, (bytes) => bar?.increment(bytes, { episodes }))
          reports.push({ file, ...(await autodidact.import(chunks, settings)) })
          if (signal.aborted) break
        }
        return reports
      }
      try {
        // To check lines no file is needed; what is there of a memory the store knows, where there is one. None is made.
        const isAllMemory = dryRun && files.every((file) => memories.has(file))
        const reports = isAllMemory ? await tryOut(options, work) : await withAutodidact(options, dryRun ? 'trial' : 'create', work)
        bar?.stop()
        print(options, files.length === 1 ? reports[0] : reports, () => reportText(reports, dryRun))
        if (signal.aborted) process.exitCode = exitCodes.interrupted
        else if (reports.some(({ failed }) => failed > 0)) process.exitCode = exitCodes.failed
      } finally {
        done()
        bar?.stop()
      }
    })
}
