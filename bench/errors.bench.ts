import { join } from 'node:path'
import { z } from 'zod'
import { Autodidact, type ErrorFix, errorFixes, type ErrorToFix, type ExportedFact, type FixInput, leastConfidence, seededRandom, shuffled } from '../src/index.ts'
import { defineBench, number, type Progress } from './harness/bench.ts'
import { dataFolder, readJsonLines } from './harness/data.ts'
import { mean, standardError } from './harness/statistics.ts'

const file = 'errors.jsonl'

const row = z.object({
  /** Name of the right fix. */
  rule: z.string().min(1),
  command: z.string(),
  error_output: z.string(),
  fixes: z.array(z.string()).nullable(),
  /** `no_match`: the rule is no fix here. */
  label: z.enum(['match', 'no_match']),
})

type Row = z.infer<typeof row>

const toolOf = (command: string): string | undefined => command.trim().split(/\s+/)[0]?.slice(0, 512) || undefined

const hasWords = ({ error_output: output }: Row): boolean => /\p{L}/u.test(output)

/** As somebody would tell it: the error, what was typed, and what helped. */
const asFix = ({ rule, command, error_output: error, fixes }: Row): FixInput => {
  const tool = toolOf(command)
  const steps = fixes?.[0] === undefined ? [] : [{ action: toolOf(fixes[0]) ?? 'shell', input: fixes[0] }]
  return { error: error.slice(0, 10_000), approach: rule, steps, ...(tool === undefined ? {} : { tool, input: command.slice(0, 1000) }) }
}

const asQuestion = ({ command, error_output: message }: Row): ErrorToFix => {
  const tool = toolOf(command)
  return { message: message.slice(0, 10_000), ...(tool === undefined ? {} : { tool, input: command }) }
}

/** What was offered for a row that was not learned from, at any confidence. */
interface Answer {
  readonly row: Row
  readonly fix: ErrorFix | undefined
}

type State = ReturnType<typeof errorFixes.initial>

const ask = (state: State, one: Row): Answer => ({ row: one, fix: errorFixes.view(state).fixesFor(asQuestion(one), { confidence: 0, limit: 1 }, () => true)[0] })

/** An error with its fix, as it was told. */
interface Told {
  readonly fact: ExportedFact
  readonly row: Row
}

const learnAll = (state: State, told: readonly Told[]): State => told.reduce((after, { fact }) => errorFixes.learn(after, fact), state)

/**
 * Leaves each row out once, exactly: of two halves, each is asked when all but it has been learned, half by half down to one row. That takes n log n steps of learning
 * instead of n² (Joulani, György and Szepesvári, Fast cross-validation for incremental learning, 2015). The state is used up.
 */
const leaveOneOut = (state: State, held: readonly Told[], progress: Progress): readonly Answer[] => {
  const [only] = held
  if (only === undefined) return []
  if (held.length === 1) {
    progress.advance()
    return hasWords(only.row) ? [ask(state, only.row)] : []
  }
  const middle = Math.ceil(held.length / 2)
  const [first, second] = [held.slice(0, middle), held.slice(middle)]
  const copy = errorFixes.load(errorFixes.save(state))
  return [...leaveOneOut(learnAll(copy, second), first, progress), ...leaveOneOut(learnAll(state, first), second, progress)]
}

const isTold = ({ error_output: error, command }: Row): boolean => error.trim() !== '' || toolOf(command) !== undefined

/** The facts that a store makes of these rows, in their order. */
const tell = async (rows: readonly Row[]): Promise<readonly Told[]> => {
  const autodidact = await Autodidact.open(':memory:')
  try {
    // By an id of its own, a row is told again where another says the same.
    for (const [place, one] of rows.entries()) await autodidact.remember({ id: `row_${place}`, content: `Apply ${one.rule}.`, fix: asFix(one) })
    const told: Told[] = []
    for await (const fact of autodidact.export({ kinds: ['knowledge.written'] })) {
      const one = rows[told.length]
      if (one !== undefined) told.push({ fact, row: one })
    }
    return told
  } finally {
    await autodidact.close()
  }
}

const share = (rows: readonly Answer[], is: (answer: Answer) => boolean): number => (rows.length === 0 ? Number.NaN : rows.filter(is).length / rows.length)

const isRight = ({ row: { rule }, fix }: Answer): boolean => fix?.approach === rule

/** Whether the very command is told that is right here, with all that it takes from the error. */
const isWhole = ({ row: { fixes }, fix }: Answer): boolean => {
  const input = fix?.executable === true ? fix.steps[0]?.input : undefined
  return typeof input === 'string' && fixes?.includes(input) === true
}

const isExecutable = ({ fix }: Answer): boolean => fix?.executable === true

const countBy = (rows: readonly Row[], key: (one: Row) => string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const one of rows) counts.set(key(one), (counts.get(key(one)) ?? 0) + 1)
  return counts
}

/** Expected calibration error in ten bins of equal width. */
const calibrationError = (answers: readonly Answer[]): number => {
  const bins = Map.groupBy(answers, ({ fix }) => Math.min(9, Math.floor((fix?.confidence ?? 0) * 10)))
  const errors = [...bins.values()].map((bin) => Math.abs(bin.reduce((sum, answer) => sum + (answer.fix?.confidence ?? 0) - Number(isRight(answer)), 0)))
  return errors.reduce((sum, error) => sum + error, 0) / answers.length
}

/** Stretches of the rows, after each of which the negatives are asked for. */
const parts = 5

/** What is asked of one order of the rows. */
interface Questions {
  readonly negatives: readonly Row[]
  readonly isKnown: (answer: Answer) => boolean
  readonly isUnseen: (answer: Answer) => boolean
  readonly isOffered: (answer: Answer) => boolean
}

/** Learns the rows in this order, and measures. */
const measureOrder = async (rows: readonly Row[], { negatives, isKnown, isUnseen, isOffered }: Questions, progress: Progress) => {
  const told = await tell(rows)
  const upTo = (part: number): number => Math.ceil((part * told.length) / parts)
  const falseOffersAfter: number[] = []
  let [state, refusals] = [errorFixes.initial(), [] as readonly Answer[]]
  for (let part = 0; part < parts; part += 1) {
    state = learnAll(state, told.slice(upTo(part), upTo(part + 1)))
    refusals = negatives.filter(hasWords).map((one) => ask(state, one))
    falseOffersAfter.push(refusals.filter(isOffered).length / negatives.length)
    progress.advance(negatives.length)
  }
  const answers = leaveOneOut(errorFixes.initial(), told, progress)
  const known = answers.filter(isKnown)
  const offered = answers.filter(isOffered)
  const order = {
    accuracy: share(known, isRight),
    unseen: share(known.filter(isUnseen), isRight),
    falseOffers: falseOffersAfter.at(-1) ?? Number.NaN,
    accuracyOfAll: share(answers, isRight),
    unseenOfAll: share(answers.filter(isUnseen), isRight),
    falseOffersWithText: share(refusals, isOffered),
    offered: share(answers, isOffered),
    precision: share(offered, isRight),
    commands: share(known, isWhole),
    executable: share(offered, isExecutable),
    commandPrecision: share(offered.filter(isExecutable), isWhole),
    calibrationError: calibrationError(answers),
    falseOffersAfter,
  }
  const counts = { errors: answers.length, unseenErrors: answers.filter(isUnseen).length, answerable: known.length, negativesWithText: refusals.length }
  return { order, counts }
}

const figures = ['accuracy', 'unseen', 'falseOffers', 'accuracyOfAll', 'unseenOfAll', 'falseOffersWithText', 'offered', 'precision', 'commands', 'executable', 'commandPrecision', 'calibrationError'] as const

type Figure = (typeof figures)[number]

const byFigure = (value: (figure: Figure) => number): Record<Figure, number> => ({
  accuracy: value('accuracy'),
  unseen: value('unseen'),
  falseOffers: value('falseOffers'),
  accuracyOfAll: value('accuracyOfAll'),
  unseenOfAll: value('unseenOfAll'),
  falseOffersWithText: value('falseOffersWithText'),
  offered: value('offered'),
  precision: value('precision'),
  commands: value('commands'),
  executable: value('executable'),
  commandPrecision: value('commandPrecision'),
  calibrationError: value('calibrationError'),
})

export const bench = defineBench({
  name: 'errors',
  summary: 'fixes of errors: each error is left out, all others are learned in several orders, and it is asked for',
  seeds: 5,
  flags: { confidence: number(leastConfidence, 'what is offered has at least this confidence') },
  run: async ({ data, flags, seeds, progress }) => {
    const rows = readJsonLines(join(dataFolder(data, [file]), file), row)
    const matches = rows.filter(({ label }) => label === 'match')
    const negatives = rows.filter(({ label }) => label === 'no_match')
    const texts = countBy(matches, ({ error_output: output }) => output)
    const rules = countBy(matches, ({ rule }) => rule)
    const questions: Questions = {
      negatives,
      isKnown: ({ row: { rule } }) => (rules.get(rule) ?? 0) > 1,
      isUnseen: ({ row: { error_output: output } }) => texts.get(output) === 1,
      isOffered: ({ fix }) => fix !== undefined && fix.confidence >= flags.confidence,
    }
    const told = matches.filter(isTold)
    progress.start(seeds * (told.length + parts * negatives.length), 'errors')
    const started = performance.now()
    const measured: Awaited<ReturnType<typeof measureOrder>>[] = []
    for (let seed = 1; seed <= seeds; seed += 1) measured.push(await measureOrder(shuffled(told, seededRandom(seed)), questions, progress))
    const orders = measured.map(({ order }, place) => ({ seed: place + 1, ...order }))
    return {
      ...byFigure((figure) => mean(orders.map((order) => order[figure]))),
      standardErrors: byFigure((figure) => standardError(orders.map((order) => order[figure]))),
      falseOffersAfter: Array.from({ length: parts }, (_, part) => mean(orders.map((order) => order.falseOffersAfter[part] ?? Number.NaN))),
      orders,
      confidence: flags.confidence,
      seeds,
      ...measured[0]?.counts,
      negatives: negatives.length,
      withoutText: matches.filter((one) => !hasWords(one)).length,
      rules: rules.size,
      seconds: (performance.now() - started) / 1000,
    }
  },
  table: (result) => ({
    head: ['figure', 'mean', 'standard error'],
    rows: [
      ...figures.map((figure) => [figure, result[figure], result.standardErrors[figure]] as const),
      ...result.falseOffersAfter.map((value, part) => [`falseOffers after ${(100 * (part + 1)) / parts} % of the errors`, value, ''] as const),
      ...result.orders.map(({ seed, falseOffers }) => [`falseOffers, order ${seed}`, falseOffers, ''] as const),
    ],
  }),
})
