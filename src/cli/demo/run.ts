import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { generateShop } from '../../../examples/shop/generate.ts'
import { DataAssistant } from '../../agents/data-assistant/assistant.ts'
import { Autodidact } from '../../autodidact.ts'
import { seededRandom, shuffled } from '../../decide/random.ts'
import { AutodidactError } from '../../errors.ts'
import { type Opened, withAssistant } from '../assistant.ts'
import { learnedBeside } from '../learned-beside.ts'
import { print } from '../perform.ts'
import { exitCodes } from '../failure.ts'
import { bold, counted, dim } from '../text.ts'
import { chat } from './chat.ts'
import { introductionText, summaryText } from './page.ts'
import { lessonProgress, streamProgress } from './progress.ts'
import { simulate, simulationLimits } from './simulation.ts'
import { readStream, type Stream, type StreamQuestion } from './stream.ts'
import { compare, type Comparison } from './summary.ts'

export interface DemoOptions {
  readonly data?: string
  readonly db?: string
  readonly limit?: number
  readonly seed?: number
  readonly file?: string
  readonly namespace: string
  readonly json?: true
}

/** Where this run keeps its files. */
interface Place {
  readonly file: string
  /** True when nothing else would remember where the learned file is. */
  readonly temporary: boolean
  /** Made on first use; everything in it may go when the run ends, unless the learned file is there. */
  folder(): string
  clear(): void
}

const temporaryFolder = (): string => {
  try {
    return mkdtempSync(join(tmpdir(), 'autodidact-demo-'))
  } catch (error) {
    throw new AutodidactError('CANNOT_OPEN', `No folder can be made in "${tmpdir()}". Set TMPDIR to one that may be written.`, { cause: error })
  }
}

const placeOf = (given: string | undefined): Place => {
  let made: string | undefined
  const folder = (): string => (made ??= temporaryFolder())
  return {
    file: given ?? join(folder(), 'learned.db'),
    temporary: given === undefined,
    folder,
    clear: () => {
      if (made !== undefined) rmSync(given === undefined ? join(made, 'shop') : made, { recursive: true, force: true })
    },
  }
}

interface Source extends Stream {
  /** What the page calls it. */
  readonly name: string
  readonly note?: string
}

const sourceOf = ({ data, seed, limit }: DemoOptions, place: Place): Source => {
  const folder = data ?? join(place.folder(), 'shop')
  if (data === undefined) generateShop(folder, seed === undefined ? {} : { seed })
  const { database, questions } = readStream(folder)
  const ordered: readonly StreamQuestion[] = data === undefined || seed === undefined ? questions : shuffled(questions, seededRandom(seed))
  return {
    name: data === undefined ? `a generated shop${seed === undefined ? '' : ` (seed ${seed})`}` : basename(resolve(data)),
    ...(data === undefined && limit === undefined ? { note: 'The last third is asked in phrasings that the first two thirds do not have.' } : {}),
    database,
    questions: limit === undefined ? ordered : ordered.slice(0, limit),
  }
}

const isTerminal = (): boolean => process.stdin.isTTY && process.stdout.isTTY

/** Ctrl-C ends the stream after the question at hand; a second one ends the process, which loses nothing that was confirmed. */
const interruption = (): { readonly signal: AbortSignal; readonly done: () => void } => {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted)
    controller.abort()
  }
  process.on('SIGINT', stop)
  return { signal: controller.signal, done: () => void process.off('SIGINT', stop) }
}

const runStream = async (source: Source, { database, assistant }: Opened, signal: AbortSignal): Promise<Comparison> => {
  const unlearned = await Autodidact.open(':memory:', { learning: false })
  const progress = streamProgress(source.questions.length)
  try {
    const baseline = await DataAssistant.open({ autodidact: unlearned, database, limits: simulationLimits })
    return compare(await simulate({ questions: source.questions, database, learning: assistant, baseline, signal, onTurn: progress.turn }))
  } finally {
    progress.stop()
    await unlearned.close()
  }
}

/** Runs the demonstration: the stream, the page about it, and in a terminal a talk. */
export const runDemo = async (options: DemoOptions): Promise<void> => {
  const { db, namespace } = options
  const place = placeOf(options.file ?? (db === undefined ? undefined : learnedBeside(db)))
  const { file } = place
  const learned = { file, namespace, onLesson: lessonProgress() }
  try {
    if (db !== undefined) {
      await withAssistant({ ...learned, database: db }, async ({ assistant, database }) => {
        const known = assistant.known === 0 ? 'nothing known yet' : `${counted(assistant.known, 'answer')} known`
        process.stdout.write(`${bold('Autodidact')}: ${db}\n${dim(`Learns in ${file}; ${known}.`)}\n`)
        await chat({ assistant, schema: database.schema, interactive: isTerminal() })
        process.stdout.write(`Saved in ${file}. ${options.file === undefined ? 'The same command continues there.' : `Continue with --file ${file}`}\n`)
      })
      return
    }
    const source = sourceOf(options, place)
    await withAssistant({ ...learned, database: source.database }, async (opened) => {
      const known = opened.assistant.known
      const { name, questions, note } = source
      const page = { name, questions, ...(note === undefined ? {} : { note }), schema: opened.database.schema, file, known, temporary: place.temporary }
      const { signal, done } = interruption()
      if (options.json !== true) process.stdout.write(`${introductionText(page)}\n`)
      const comparison = await runStream(source, opened, signal).finally(done)
      print(options, { data: source.name, file, known, ...comparison }, () => summaryText(page, comparison))
      if (comparison.interrupted) process.exitCode = exitCodes.interrupted
      else if (options.json !== true && isTerminal()) {
        const example = questions.find(({ sql }) => sql !== null)?.question
        await chat({ assistant: opened.assistant, schema: opened.database.schema, interactive: true, ...(example === undefined ? {} : { example }) })
      }
    })
  } finally {
    place.clear()
  }
}
