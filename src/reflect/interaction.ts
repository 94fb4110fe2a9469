import { Dossier } from '../credit/dossier.ts'
import { factsOfRun } from '../credit/run-facts.ts'
import { standingOf } from '../credit/standing.ts'
import { AutodidactError } from '../errors.ts'
import { whole } from '../log/blobs.ts'
import type { Fact, FactOf } from '../log/fact.ts'
import type { Json } from '../log/payload.ts'
import { quote } from '../recall/quotation.ts'
import type { Scope } from '../scope.ts'

/** A run as it is shown to a model. */
export interface Interaction {
  readonly recorded: FactOf<'run.recorded'>
  /** Every line quoted. */
  readonly lines: readonly string[]
  /** Ids of the facts that are in it. */
  readonly evidence: readonly string[]
}

/** Of many steps the first and the last are shown. */
const mostSteps = 20
/** Of much feedback the latest. */
const mostFeedback = 20

/**
 * What was done in a run, and what was said of it.
 *
 * @param tokens that its lines take at most, about
 * @throws AutodidactError `UNKNOWN_ID`, `FORGOTTEN`
 */
export const readInteraction = async (scope: Scope, run: string, tokens: number): Promise<Interaction> => {
  const { storage, namespace } = scope
  const history = await factsOfRun(storage, namespace, run)
  const found = history.find(isRecorded)
  if (found === undefined) throw await notThere(scope, run)
  const recorded = await whole(storage, found)
  const retracted = new Set(history.flatMap((fact) => (fact.kind === 'feedback.retracted' ? [fact.data.feedback] : [])))
  const feedback: FactOf<'feedback.received'>[] = []
  for (const fact of history.filter(isFeedback).filter(({ id }) => !retracted.has(id)).slice(-mostFeedback)) feedback.push(await whole(storage, fact))
  const standing = standingOf(Dossier.of(run, history))
  return { recorded, lines: linesOf(recorded, feedback, standing, tokens), evidence: [run, ...feedback.map(({ id }) => id)] }
}

const isRecorded = (fact: Fact): fact is FactOf<'run.recorded'> => fact.kind === 'run.recorded'
const isFeedback = (fact: Fact): fact is FactOf<'feedback.received'> => fact.kind === 'feedback.received'

const notThere = async ({ storage, namespace }: Scope, run: string): Promise<AutodidactError> => {
  const [erased] = await storage.erased(namespace, [run])
  if (erased !== undefined) return new AutodidactError('FORGOTTEN', `The run "${run}" was forgotten: there is nothing to reflect on.`)
  return new AutodidactError('UNKNOWN_ID', `There is no recorded run "${run}" in this namespace. Record it first, or pass the interaction itself: reflect({ task, response }).`)
}

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))

const verdicts = { success: 'it went well', failure: 'it went badly', unverified: 'nobody has judged it', knowledge: '', superseded: '' } as const

const linesOf = ({ data }: FactOf<'run.recorded'>, feedback: readonly FactOf<'feedback.received'>[], standing: keyof typeof verdicts, tokens: number): string[] => {
  const part = (label: string, value: Json | undefined, share: number): string[] => (value === undefined || value === '' ? [] : quote(label, asText(value), Math.floor(tokens * share)))
  const steps = data.steps.length <= mostSteps ? data.steps : [...data.steps.slice(0, mostSteps / 2), ...data.steps.slice(-mostSteps / 2)]
  const stepShare = 0.3 / Math.max(1, steps.length)
  return [
    ...part('Task', data.task, 0.2),
    ...steps.flatMap(({ action, ok, error, input, output }) =>
      part(ok === false ? 'Failed step' : 'Step', [action, input, error ?? output].filter((value) => value !== undefined).map(asText).join(' | '), stepShare),
    ),
    ...(steps.length < data.steps.length ? [`| (${data.steps.length - steps.length} steps in between are left out)`] : []),
    ...part('Response', data.response, 0.2),
    ...part('Error', data.outcome?.error, 0.05),
    ...part('Takeaway', data.takeaway, 0.05),
    ...feedback.flatMap(({ data: { rating, correction, comment, outcome } }) => [
      ...part('Rating from 0 to 1', rating, 0.01),
      ...part('Outcome from 0 to 1', outcome?.reward, 0.01),
      ...part('Right answer', correction, 0.2 / feedback.length),
      ...part('Comment', comment, 0.2 / feedback.length),
    ]),
    `| In all: ${verdicts[standing]}.`,
  ]
}
