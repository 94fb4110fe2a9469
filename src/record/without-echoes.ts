import type { Scope } from '../scope.ts'
import { type Content, defined, type RunData } from './content.ts'
import { hasShingle, stripEchoes } from '../echo/echo.ts'
import { mapTexts } from '../log/payload.ts'

type IsEcho = (shingle: number) => boolean

/** Hashes of what an advice had put into the prompt. */
interface Recalled {
  readonly id: string | undefined
  readonly task: string | undefined
  readonly shingles: Uint32Array
  readonly answerShingles: Uint32Array
}

/** A record without its echoes, and how many spans were taken out of each part. */
interface Cleaned {
  readonly content: Content & { echoes?: number }
  readonly spans: ReadonlyMap<string, number>
}

/** Undefined when nothing but an echo was there. */
const rest = (value: RunData['response'], stripped: (text: string) => string): RunData['response'] => {
  if (value === undefined) return undefined
  const left = mapTexts(value, stripped)
  return left === '' && value !== '' ? undefined : left
}

/**
 * Takes recalled text out of the task, the takeaway, the steps, the response and the error. A task that is nothing but recalled text is the same task once
 * more and stays; an answer may repeat a recalled answer.
 */
export const withoutEchoes = (
  scope: Scope,
  content: Content,
  advice: Recalled,
  given: { readonly user?: string | undefined; readonly session?: string | undefined },
): Cleaned => {
  const recent = scope.recentAdvice.of(given.user, given.session, scope.clock()).filter((echo) => echo.id !== advice.id)
  const sources = [advice, ...recent].filter((echo) => echo.shingles.length > 0)
  const spans = new Map<string, number>()
  if (sources.length === 0) return { content, spans }
  const all: IsEcho = (shingle) =>
    (scope.recentAdvice.mayKnow(shingle) && sources.some((echo) => hasShingle(echo.shingles, shingle))) || hasShingle(advice.shingles, shingle)
  const narrative: IsEcho = (shingle) => all(shingle) && !sources.some((echo) => hasShingle(echo.answerShingles, shingle))
  const strip = (part: string, text: string, known: IsEcho): string => {
    const stripped = stripEchoes(text, known)
    if (stripped.spans === 0 || (part === 'task' && stripped.text === '')) return text
    spans.set(part, (spans.get(part) ?? 0) + stripped.spans)
    return stripped.text
  }
  /** What went wrong may be the recalled error once more, because it has happened again; but it must not bring a prompt along that it repeats. */
  const stripError = (part: string, text: string): string => (stripEchoes(text, narrative).spans === 0 ? text : strip(part, text, all))
  const error = content.outcome?.error === undefined ? undefined : stripError('outcome', content.outcome.error)
  const takeaway = content.takeaway === undefined ? undefined : strip('takeaway', content.takeaway, all)
  const cleaned = defined({
    ...content,
    task: advice.task === content.task ? content.task : strip('task', content.task, all),
    takeaway: takeaway === '' ? undefined : takeaway,
    steps: content.steps.map((step) =>
      defined({
        ...step,
        input: rest(step.input, (text) => strip('steps', text, all)),
        output: rest(step.output, (text) => (step.ok === false ? stripError('steps', text) : strip('steps', text, all))),
      }),
    ),
    response: rest(content.response, (text) => strip('response', text, narrative)),
    outcome: error === content.outcome?.error ? content.outcome : defined({ judge: 'host' as const, ...content.outcome, error: error === '' ? undefined : error }),
  })
  const echoes = [...spans.values()].reduce((sum, count) => sum + count, 0)
  return { content: echoes === 0 ? cleaned : { ...cleaned, echoes }, spans }
}
