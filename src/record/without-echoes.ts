import type { Scope } from '../scope.ts'
import { type Content, defined, type RunData } from './content.ts'
import { hasShingle, stripEchoes } from './echo.ts'
import { mapTexts } from './payload.ts'
import type { ReceiptPart } from './receipt.ts'

type IsEcho = (shingle: number) => boolean

/** Hashes of what an advice had put into the prompt. */
interface Recalled {
  readonly id: string | undefined
  readonly task: string | undefined
  readonly shingles: Uint32Array
  readonly answerShingles: Uint32Array
}

/**
 * Takes recalled text out of the task, the takeaway, the steps and the response. A task that is nothing but recalled text is the same task once
 * more and stays; an answer may repeat a recalled answer.
 */
export const withoutEchoes = (
  scope: Scope,
  content: Content,
  advice: Recalled,
  given: { readonly user?: string | undefined; readonly session?: string | undefined },
  parts: ReceiptPart[],
): Content & { echoes?: number } => {
  const recent = scope.recentAdvice.of(given.user, given.session, scope.clock()).filter((echo) => echo.id !== advice.id)
  const sources = [advice, ...recent].filter((echo) => echo.shingles.length > 0)
  if (sources.length === 0) return content
  const all: IsEcho = (shingle) =>
    (scope.recentAdvice.mayKnow(shingle) && sources.some((echo) => hasShingle(echo.shingles, shingle))) || hasShingle(advice.shingles, shingle)
  const narrative: IsEcho = (shingle) => all(shingle) && !sources.some((echo) => hasShingle(echo.answerShingles, shingle))
  let echoes = 0
  const strip = (part: string, text: string, known: IsEcho): string => {
    const { text: left, spans } = stripEchoes(text, known)
    if (spans === 0) return text
    if (part === 'task' && left === '') return text
    echoes += spans
    const status = left === '' ? 'refused' : 'stored'
    parts.push({ part, status, reason: `${spans} ${spans === 1 ? 'span' : 'spans'} of recalled text taken out` })
    return left
  }
  const stripJson = (part: string, value: RunData['response'], known: IsEcho): RunData['response'] =>
    value === undefined ? undefined : mapTexts(value, (text) => strip(part, text, known))
  const takeaway = content.takeaway === undefined ? undefined : strip('takeaway', content.takeaway, all)
  const cleaned = defined({
    ...content,
    task: advice.task === content.task ? content.task : strip('task', content.task, all),
    takeaway: takeaway === '' ? undefined : takeaway,
    steps: content.steps.map((step) =>
      defined({ ...step, input: stripJson('steps', step.input, all), output: stripJson('steps', step.output, all) }),
    ),
    response: stripJson('response', content.response, narrative),
  })
  return echoes === 0 ? cleaned : { ...cleaned, echoes }
}
