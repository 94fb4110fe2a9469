import type { Command } from 'commander'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ExportSettings } from '../../export/export.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined, parseCount, parseList } from '../option-values.ts'
import { print, withAutodidact } from '../perform.ts'
import { parsePast } from '../times.ts'
import { nothingFound } from '../nothing-found.ts'
import { type OutputOptions, overwriteOption, writeFile } from '../output-file.ts'

interface Options extends FileOptions, OutputOptions {
  readonly kind?: readonly string[]
  readonly since?: number
  readonly after?: number
  readonly user?: string
  readonly output?: string
}

export const addExport = (program: Command): void => {
  addFileCommand(program, {
    usage: 'export',
    summary: 'The log as JSON lines',
    description: 'Print the facts of the namespace in the order of the log, one JSON object a line.',
    examples: ['autodidact export --kind run.recorded --since 2026-11-01 > runs.jsonl', 'autodidact export --user ada -o ada.jsonl'],
  })
    .option('--kind <name>', 'only facts of this kind; may be repeated', parseList)
    .option('--since <time>', 'only what was written at this time or later (UTC), or in the last days: 7d', parsePast)
    .option('--after <sequence>', 'only facts behind this one', parseCount)
    .option('--user <name>', 'everything known about one user, who must be known: what "forget --user" would erase, and what was learned about them')
    .option('-o, --output <path>', 'write to a file and print how many facts it got')
    .option(...overwriteOption)
    .action(async ({ kind, since, after, user, output, ...options }: Options) => {
      // `export` refuses kinds that there are not.
      const settings = defined({ kinds: kind, since, after }) as ExportSettings
      const facts = await withAutodidact(options, 'asking', async (autodidact) => {
        let count = 0
        let found = false
        const lines = async function* (): AsyncGenerator<string> {
          for await (const fact of user === undefined ? autodidact.export(settings) : autodidact.export({ ...settings, user })) {
            if (fact.kind !== 'learned' && fact.kind !== 'subscription') count += 1
            found = true
            yield `${JSON.stringify(fact)}\n`
          }
          // What is known of somebody may be left out by the other filters.
          if (user !== undefined && !found && (await autodidact.forget({ user }, { dryRun: true })).facts === 0) throw await nothingFound(autodidact, { user }, options, 'there is nothing to export')
        }
        if (output === undefined) await pipeline(Readable.from(lines()), process.stdout, { end: false })
        else await writeFile(output, lines(), options)
        return count
      })
      if (output !== undefined) print(options, { facts, output }, () => `${facts} facts written to ${output}`)
    })
}
