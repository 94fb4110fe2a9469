import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import type { Autodidact } from '../../autodidact.ts'
import { AutodidactError } from '../../errors.ts'
import type { KnowledgeFormat, KnowledgeImportReport } from '../../knowledge/exchange/exchange.ts'
import type { KnowledgeFilter } from '../../knowledge/filter.ts'
import { exitCodes } from '../failure.ts'
import { defined } from '../command.ts'
import { writeFile } from '../output-file.ts'
import { counted, printable, wrapped } from '../text.ts'

/** A path and what the flags say of it. */
export interface FileSettings {
  readonly path: string | undefined
  readonly format: KnowledgeFormat | undefined
}

/** A file that ends like Markdown is some, unless somebody says otherwise. */
const formatFor = ({ path, format }: FileSettings): KnowledgeFormat => format ?? (path !== undefined && /\.(?:md|markdown)$/i.test(path) ? 'markdown' : 'json')

async function* asStream(text: string): AsyncGenerator<string, void, undefined> {
  yield text
}

/** Writes the items into a file, or prints it where none is named. */
export const exportItems = async ({ knowledge }: Pick<Autodidact, 'knowledge'>, filter: KnowledgeFilter, settings: FileSettings): Promise<readonly [value: unknown, text: () => string]> => {
  const format = formatFor(settings)
  const file = await knowledge.export({ ...filter, format })
  const { path } = settings
  if (path === undefined) return [format === 'json' ? JSON.parse(file) : file, () => file.slice(0, -1)]
  await writeFile(path, asStream(file))
  return [{ output: path, format }, () => `written to ${path}`]
}

const reportText = (path: string, { status, stored, extended, merged, failed, quarantined, problems }: KnowledgeImportReport): string => {
  const isDry = status === 'dry-run'
  return [
    `${printable(path)}: ${counted(stored, 'new item')} ${isDry ? 'could be imported' : 'imported'}, ${extended} with new versions, ${merged} were there, ${failed} refused`,
    ...quarantined.map((id) => `  in quarantine: ${printable(id)} looks suspicious; \`autodidact knowledge show ID\`, then move it`),
    ...problems.map(({ place, code, message }) => wrapped(printable(`${place}: ${code}: ${message}`), 2)),
    ...(failed > problems.length ? [`  and ${failed - problems.length} more`] : []),
  ].join('\n')
}

const chunksOf = async function* (path: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* (path === '-' ? process.stdin : createReadStream(path)) as AsyncIterable<Uint8Array>
  } catch (error) {
    throw new AutodidactError('CANNOT_OPEN', `The file "${path}" cannot be read. Nothing was imported; check the path, or pass - for standard input.`, { cause: error })
  }
}

/** Takes the items of a file over; exit code 1 where some were refused. */
export const importItems = async (
  { knowledge }: Pick<Autodidact, 'knowledge'>,
  { path, format }: FileSettings & { readonly path: string },
  { trusted, dryRun }: { readonly trusted: true | undefined; readonly dryRun: true | undefined },
): Promise<readonly [value: unknown, text: () => string]> => {
  const source = trusted === true ? undefined : `import ${path === '-' ? 'standard input' : basename(path).replaceAll(/\p{Cc}/gu, ' ').slice(0, 400)}`
  const report = await knowledge.import(chunksOf(path), defined({ format, trusted, dryRun, source }))
  if (report.failed > 0) process.exitCode = exitCodes.failed
  return [report, () => reportText(path, report)]
}
