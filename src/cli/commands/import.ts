import { SingleBar } from 'cli-progress'
import type { Command } from 'commander'
import { createReadStream, statSync } from 'node:fs'
import { AutodidactError } from '../../errors.ts'
import type { Autodidact } from '../../autodidact.ts'
import type { ImportReport } from '../../import/import.ts'
import { addFileCommand, type FileOptions, print, withAutodidact } from '../command.ts'
import { exitCodes } from '../failure.ts'
import { bold, wrapped } from '../text.ts'

interface Options extends FileOptions {
  readonly dryRun?: true
}

interface FileReport extends ImportReport {
  readonly file: string
}

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

/** A bar on a terminal, nothing elsewhere. */
const barOf = (total: number, json: boolean): SingleBar | undefined => {
  if (json || total === 0 || !process.stderr.isTTY) return undefined
  const bar = new SingleBar({ format: 'importing [{bar}] {percentage} %, {episodes} episodes', stream: process.stderr, hideCursor: true, clearOnComplete: true })
  bar.start(total, 0, { episodes: 0 })
  return bar
}

async function* chunksOf(path: string, advance: (bytes: number) => void): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 256 * 1024 })
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      advance(chunk.byteLength)
      yield chunk
    }
  } catch (error) {
    throw new AutodidactError('CANNOT_OPEN', `"${path}" cannot be read to its end. What came before was imported; import it again to go on.`, { cause: error })
  }
}

const reportText = (reports: readonly FileReport[], dryRun: boolean): string =>
  reports
    .map(({ file, stored, merged, failed, steps, disordered, problems, ignored }) => {
      const rest = failed - problems.length
      return [
        bold(`${file}: ${stored} episodes ${dryRun ? 'could be imported' : 'imported'}, ${merged} were there, ${failed} refused, ${steps} steps`),
        ...problems.map(({ line, code, message }) => wrapped(`line ${line}: ${code}: ${message}`, 2)),
        ...(rest > 0 ? [`  and ${rest} more lines`] : []),
        ...(disordered === 0 ? [] : [`  ${disordered} are behind younger ones: the file is too large to be put in order. Reports go by their dates; what is learned does not. Sort such a file by date first.`]),
        ...Object.entries(ignored).map(([field, episodes]) => `  left out: ${field} (${episodes} episodes)`),
      ].join('\n')
    })
    .join('\n')

export const addImport = (program: Command): void => {
  addFileCommand(program, {
    usage: 'import <files...>',
    summary: 'Record the episodes of JSON-lines files',
    description: 'Record runs of other programs: files with one episode as a JSON object a line, also\ncompressed with gzip; - reads standard input. The same episode is written once. A line that\nis wrong is reported, the others are imported, and the exit code is 1.',
    examples: ['autodidact import episodes.jsonl', 'autodidact import runs/*.jsonl.gz --dry-run --json'],
  })
    .option('--dry-run', 'check every line and write nothing')
    .action(async (files: readonly string[], { dryRun: isDry, ...options }: Options) => {
      const dryRun = isDry === true
      const bar = barOf(files.reduce((sum, file) => sum + sizeOf(file), 0), options.json === true)
      let episodes = 0
      const work = async (autodidact: Pick<Autodidact, 'import'>): Promise<FileReport[]> => {
        const reports: FileReport[] = []
        for (const file of files) {
          const chunks = chunksOf(file, (bytes) => bar?.increment(bytes, { episodes }))
          reports.push({ file, ...(await autodidact.import(chunks, { dryRun, onEpisode: () => void (episodes += 1) })) })
        }
        return reports
      }
      try {
        // To check lines no file is needed, and none is made.
        const target = dryRun ? { ...options, file: ':memory:' } : options
        const reports = await withAutodidact(target, 'create', work)
        bar?.stop()
        print(options, reports, () => reportText(reports, dryRun))
        if (reports.some(({ failed }) => failed > 0)) process.exitCode = exitCodes.failed
      } finally {
        bar?.stop()
      }
    })
}
