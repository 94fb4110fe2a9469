// `npm run --silent bench -- NAME [--data DIR] [--seeds N] [--json] …`: runs one of bench/*.bench.ts; without NAME it lists them.
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Command, InvalidArgumentError } from 'commander'
import type { Bench, Flag, FlagValue } from './harness/bench.ts'
import { BenchFailure } from './harness/failure.ts'
import { drawTable, progressBar } from './harness/terminal.ts'

const isBench = (value: unknown): value is Bench => typeof value === 'object' && value !== null && 'execute' in value && 'name' in value

const load = async (file: string): Promise<Bench> => {
  const module: unknown = await import(pathToFileURL(join(import.meta.dirname, file)).href)
  const bench = typeof module === 'object' && module !== null && 'bench' in module ? module.bench : undefined
  const expected = basename(file, '.bench.ts')
  if (!isBench(bench) || bench.name !== expected) throw new BenchFailure(`bench/${file} must export \`bench\`, made by defineBench, with the name ${expected}`)
  return bench
}

const parseNumber = (value: string): number => {
  const parsed = Number(value)
  if (value.trim() === '' || !Number.isFinite(parsed)) throw new InvalidArgumentError('It must be a number.')
  return parsed
}

const parseCount = (value: string): number => {
  const parsed = parseNumber(value)
  if (!Number.isInteger(parsed) || parsed < 1) throw new InvalidArgumentError('It must be a whole number above 0.')
  return parsed
}

const addFlag = (command: Command, name: string, flag: Flag): void => {
  const option = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  if (typeof flag.default === 'boolean') command.option(option, flag.description, flag.default)
  else if (typeof flag.default === 'number') command.option(`${option} <n>`, flag.description, parseNumber, flag.default)
  else command.option(`${option} <text>`, flag.description, flag.default)
}

/** What the command line gives: the flags every bench has, and its own. */
type Values = Readonly<Record<string, FlagValue>> & { readonly data?: string; readonly seeds: number; readonly json?: boolean }

const run = async (bench: Bench, { data, seeds, json = false, ...flags }: Values): Promise<void> => {
  const progress = progressBar()
  try {
    const { result, table } = await bench.execute({ flags, seeds, progress, ...(data === undefined ? {} : { data }) })
    progress.stop()
    console.log(json ? JSON.stringify(result) : drawTable(table))
  } finally {
    progress.stop()
  }
}

const program = new Command('npm run --silent bench --')
  .description('Measures Autodidact. Every number that the documentation states can be measured with one of these.')
  .usage('NAME [options]')
  .helpCommand(false)
  .addHelpText('after', '\nOptions of one bench: npm run --silent bench -- NAME --help')

try {
  const files = globSync('*.bench.ts', { cwd: import.meta.dirname }).toSorted()
  // Only the one that was named, so that no other bench adds to its memory and start-up.
  const named = files.filter((file) => file === `${process.argv[2]}.bench.ts`)
  const benches = await Promise.all((named.length > 0 ? named : files).map(load))
  for (const bench of benches) {
    const command = program
      .command(bench.name)
      .description(bench.summary)
      .option('--data <folder>', 'folder with the data to read')
      .option('--seeds <n>', 'seeds, shuffles or repetitions', parseCount, bench.seeds)
      .option('--json', 'print one JSON object as the last line instead of a table')
      .action((values: Values) => run(bench, values))
    for (const [name, flag] of Object.entries(bench.flags)) addFlag(command, name, flag)
  }
  if (process.argv.length > 2) await program.parseAsync()
  else program.outputHelp()
} catch (error) {
  if (!(error instanceof BenchFailure)) throw error
  console.error(error.message)
  process.exitCode = 1
}
