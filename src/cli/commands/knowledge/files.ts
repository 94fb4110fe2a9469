import { type Command, Option } from 'commander'
import { createReadStream } from 'node:fs'
import { basename, extname } from 'node:path'
import type { Autodidact } from '../../../autodidact.ts'
import { AutodidactError } from '../../../errors.ts'
import type { KnowledgeImportReport } from '../../../knowledge/exchange/exchange.ts'
import { type KnowledgeFormat, knowledgeFormats } from '../../../knowledge/exchange/format-names.ts'
import { addFileCommand, type FileOptions } from '../../command.ts'
import type { Action } from '../../group.ts'
import { defined } from '../../option-values.ts'
import { print, tryOut, withAutodidact } from '../../perform.ts'
import { exitCodes, inShell } from '../../failure.ts'
import { addFilterOptions, filterOf, type FilterOptions } from '../../filter-options.ts'
import { quarantinedText } from '../../memory-text.ts'
import { type OutputOptions, overwriteOption, writeFile } from '../../output-file.ts'
import { counted, printable, wrapped } from '../../text.ts'

interface ExportOptions extends FileOptions, FilterOptions, OutputOptions {
  readonly format?: KnowledgeFormat
}

interface ImportOptions extends FileOptions {
  readonly format?: KnowledgeFormat
  readonly trusted?: true
  readonly dryRun?: true
}

const formats: ReadonlyMap<string, KnowledgeFormat> = new Map([['.json', 'json'], ['.md', 'markdown'], ['.markdown', 'markdown']])

/** What the name of a file says it is to hold; without a file JSON. */
const formatFor = (path: string | undefined): KnowledgeFormat => {
  if (path === undefined) return 'json'
  const format = formats.get(extname(path).toLowerCase())
  if (format !== undefined) return format
  throw new AutodidactError('INVALID_INPUT', `"${path}" does not end like a format that is known here. Nothing was written; name a file that ends in ${[...formats.keys()].join(', ')}, or say --format ${knowledgeFormats.join(' or --format ')}.`)
}

async function* asStream(text: string): AsyncGenerator<string, void, undefined> {
  yield text
}

type Exported = { readonly text: string; readonly value: unknown }

/** The items as text, or in a file where one is named. */
const exportItems = async ({ knowledge }: Pick<Autodidact, 'knowledge'>, path: string | undefined, options: ExportOptions): Promise<Exported> => {
  const { format = formatFor(path) } = options
  const file = await knowledge.export({ ...filterOf(options), format })
  if (path === undefined) return { text: file.slice(0, -1), value: format === 'json' ? JSON.parse(file) : file }
  await writeFile(path, asStream(file), options)
  return { text: `written to ${path}`, value: { output: path, format } }
}

const reportText = (path: string, { status, stored, extended, merged, failed, quarantined, problems }: KnowledgeImportReport): string => {
  const isDry = status === 'dry-run'
  return [
    `${printable(path)}: ${counted(stored, 'new item')} ${isDry ? 'could be imported' : 'imported'}, ${extended} with new versions, ${merged} were there, ${failed} refused`,
    ...quarantinedText(quarantined, isDry),
    ...problems.map(({ place, unit, code, message }) => wrapped(printable(`${unit} ${place}: ${code}: ${inShell(message)}`), 2)),
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
const importItems = async (path: string, { format, trusted, dryRun, ...options }: ImportOptions): Promise<KnowledgeImportReport> => {
  if (format === undefined && /\.(?:ya?ml|toml|csv)$/i.test(path)) throw new AutodidactError('INVALID_INPUT', `"${path}" ends like a format that is not read here. Nothing was imported; save it as JSON or Markdown, or say --format ${knowledgeFormats.join(' or --format ')}.`)
  const source = trusted === true ? undefined : `import ${path === '-' ? 'standard input' : basename(path).replaceAll(/\p{Cc}/gu, ' ').slice(0, 400)}`
  const work = ({ knowledge }: Autodidact): Promise<KnowledgeImportReport> => knowledge.import(chunksOf(path), defined({ format, trusted, dryRun, source }))
  const report = await (dryRun === true ? tryOut(options, work) : withAutodidact(options, 'create', work))
  if (report.failed > 0) process.exitCode = exitCodes.failed
  return report
}

const addExport = (group: Command): void => {
  const command = addFileCommand(group, {
    usage: 'export [path]',
    summary: 'Into a file',
    description: 'Write items with all their versions into a file, or print them: as Markdown, which\ncan be edited, where its name ends in .md, and as JSON where it ends in .json.',
    examples: ['autodidact knowledge export rules.md', 'autodidact knowledge export --state validated --format markdown'],
  })
  addFilterOptions(command)
    .addOption(new Option('--format <format>', 'whatever the name of the file says').choices(knowledgeFormats))
    .option(...overwriteOption)
    .action(async (path: string | undefined, options: ExportOptions) => {
      const { text, value } = await withAutodidact(options, 'reading', (autodidact) => exportItems(autodidact, path, options))
      print(options, value, () => text)
    })
}

const addImport = (group: Command): void => {
  addFileCommand(group, {
    usage: 'import <path>',
    summary: 'Out of a file',
    description: 'Write what is not there yet. Items that are wrong are reported, the others are\nimported, and the exit code is 1. Without --trusted nothing that a file claims\nproves anything: no trust, no uses or votes.',
    examples: ['autodidact knowledge import rules.md --dry-run', 'autodidact knowledge import rules.json --trusted'],
  })
    .addOption(new Option('--format <format>', 'of the file; otherwise what it looks like').choices(knowledgeFormats))
    .option('--trusted', 'import trust, uses, votes and states as the file says')
    .option('--dry-run', 'only say what would be imported')
    .action(async (path: string, options: ImportOptions) => {
      const report = await importItems(path, options)
      print(options, report, () => reportText(path, report))
    })
}

/** The actions for files. */
export const files: readonly Action[] = [addExport, addImport]
