import { join } from 'node:path'
import { z } from 'zod'
import { Autodidact, type ErrorFix, errorFixes, type ErrorToFix, type ExportedFact, type FixInput, leastConfidence } from '../src/index.ts'
import { defineBench, number, type Progress } from './harness/bench.ts'
import { dataFolder, readJsonLines } from './harness/data.ts'

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

const ask = (state: State, one: Row): Answer => ({ row: one, fix: errorFixes.view(state).fixesFor(asQuestion(one), { confidence: 0, limit: 1 })[0] })

/**
 * Leaves each row out once, exactly: of two halves, each is asked when all but it has been learned, half by half down to one row. That takes n log n steps of learning
 * instead of n² (Joulani, György and Szepesvári, Fast cross-validation for incremental learning, 2015).
 */
const leaveOneOut = (state: State, held: readonly { readonly fact: ExportedFact; readonly row: Row }[], progress: Progress): readonly Answer[] => {
  const [only] = held
  if (only === undefined) return []
  if (held.length === 1) {
    progress.advance()
    return hasWords(only.row) ? [ask(state, only.row)] : []
  }
  const middle = Math.ceil(held.length / 2)
  const halves = [held.slice(0, middle), held.slice(middle)] as const
  const without = (learned: (typeof halves)[number]): State =>
    learned.reduce((after, { fact }) => errorFixes.learn(after, fact), errorFixes.load(errorFixes.save(state)))
  return [...leaveOneOut(without(halves[1]), halves[0], progress), ...leaveOneOut(without(halves[0]), halves[1], progress)]
}

const share = (rows: readonly Answer[], is: (answer: Answer) => boolean): number => (rows.length === 0 ? Number.NaN : rows.filter(is).length / rows.length)

const isRight = ({ row: { rule }, fix }: Answer): boolean => fix?.approach === rule

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

export const bench = defineBench({
  name: 'errors',
  summary: 'fixes of errors: each error is left out, all others are learned, and it is asked for',
  flags: { confidence: number(leastConfidence, 'what is offered has at least this confidence') },
  run: async ({ data, flags, progress }) => {
    const rows = readJsonLines(join(dataFolder(data, [file]), file), row)
    const matches = rows.filter(({ label }) => label === 'match')
    const negatives = rows.filter(({ label }) => label === 'no_match')
    const autodidact = await Autodidact.open(':memory:')
    const facts: ExportedFact[] = []
    try {
      for (const one of matches) {
        if (one.error_output.trim() === '' && toolOf(one.command) === undefined) continue
        await autodidact.remember({ content: `Apply ${one.rule}.`, fix: asFix(one) })
      }
      for await (const fact of autodidact.export({ kinds: ['knowledge.written'] })) facts.push(fact)
    } finally {
      await autodidact.close()
    }
    const told = matches.filter((one) => one.error_output.trim() !== '' || toolOf(one.command) !== undefined)
    const held = facts.flatMap((fact, place) => (told[place] === undefined ? [] : [{ fact, row: told[place] }]))
    progress.start(held.length + negatives.length, 'errors')
    const started = performance.now()
    const answers = leaveOneOut(errorFixes.initial(), held, progress)
    const all = held.reduce((state, { fact }) => errorFixes.learn(state, fact), errorFixes.initial())
    const refusals = negatives.filter(hasWords).map((one) => {
      progress.advance()
      return ask(all, one)
    })
    const seconds = (performance.now() - started) / 1000

    const texts = countBy(matches, ({ error_output: output }) => output)
    const rules = countBy(matches, ({ rule }) => rule)
    const isUnseen = ({ row: { error_output: output } }: Answer): boolean => texts.get(output) === 1
    const known = answers.filter(({ row: { rule } }) => (rules.get(rule) ?? 0) > 1)
    const isOffered = ({ fix }: Answer): boolean => fix !== undefined && fix.confidence >= flags.confidence
    const offered = answers.filter(isOffered)
    return {
      accuracy: share(known, isRight),
      unseen: share(known.filter(isUnseen), isRight),
      falseOffers: refusals.filter(isOffered).length / negatives.length,
      accuracyOfAll: share(answers, isRight),
      unseenOfAll: share(answers.filter(isUnseen), isRight),
      falseOffersWithText: share(refusals, isOffered),
      offered: share(answers, isOffered),
      precision: share(offered, isRight),
      calibrationError: calibrationError(answers),
      confidence: flags.confidence,
      errors: answers.length,
      unseenErrors: answers.filter(isUnseen).length,
      answerable: known.length,
      negatives: negatives.length,
      negativesWithText: refusals.length,
      withoutText: matches.length - answers.length,
      rules: rules.size,
      seconds,
    }
  },
  table: (result) => ({ head: ['figure', 'value'], rows: Object.entries(result) }),
})
