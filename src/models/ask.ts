import { AutodidactError, wordsOf } from '../errors.ts'
import { described } from '../expect.ts'
import type { Model, ModelAnswer, ModelRequest } from './model.ts'

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

/** An answer as it is typed, whatever an adapter without types hands over; token counts that are none are left out. */
const answerOf = (model: string, given: unknown): ModelAnswer => {
  if (typeof given !== 'object' || given === null) throw new AutodidactError('MODEL_FAILED', `The model "${model}" answered with ${described(given)}. It must answer with { text } or { value }.`)
  const { text, value, tokens }: { readonly text?: unknown; readonly value?: unknown; readonly tokens?: unknown } = given
  const { input, output }: { readonly input?: unknown; readonly output?: unknown } = typeof tokens === 'object' && tokens !== null ? tokens : {}
  const hasText = typeof text === 'string' && text.trim() !== ''
  if (!hasText && (value === undefined || value === null)) throw new AutodidactError('MODEL_FAILED', `The model "${model}" answered with nothing. Ask again, or another model.`)
  return {
    ...(hasText ? { text } : {}),
    ...(value === undefined || value === null ? {} : { value }),
    ...(isCount(input) && isCount(output) ? { tokens: { input, output } } : {}),
  }
}

/**
 * Asks a model once, and waits for the answer at most so long.
 *
 * @param timeoutMs milliseconds, above 0
 * @throws AutodidactError `MODEL_FAILED` with what the model threw as its cause; the reason of `request.signal` when that is aborted
 */
export const ask = async (model: Model, request: ModelRequest, timeoutMs: number): Promise<ModelAnswer> => {
  const { signal } = request
  signal?.throwIfAborted()
  const controller = new AbortController()
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const end = (reason: unknown): void => {
    reject(reason)
    controller.abort(reason)
  }
  const abort = (): void => end(signal?.reason)
  const late = new AutodidactError('MODEL_FAILED', `The model "${model.name}" did not answer within ${timeoutMs} ms. Ask again, or give it more time.`)
  // Keeps the process alive, so that a model that waits for nothing ends with an error too.
  const timer = setTimeout(() => end(late), timeoutMs)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    const answered = (async () => answerOf(model.name, await model.generate({ ...request, signal: controller.signal })))()
    return await Promise.race([answered, ended])
  } catch (cause) {
    if (AutodidactError.is(cause) || signal?.aborted === true) throw cause
    throw new AutodidactError('MODEL_FAILED', `The model "${model.name}" failed: ${wordsOf(cause)}`, { cause })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}
