/**
 * The outcome of a piece of work, or the reason of a signal that ends it first: work that does not look at its signal goes on, but nobody waits for it any more.
 *
 * @throws the reason of the signal, or what the work throws
 */
export const untilAborted = async <Result>(signal: AbortSignal | undefined, work: () => Result | Promise<Result>): Promise<Result> => {
  if (signal === undefined) return work()
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work(), aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Tells `run` that the host took the work back, whatever reason it gave: an abort says nothing about the advice. */
export class Aborted extends Error {
  override readonly name = 'AbortError'
  readonly reason: unknown

  constructor(reason: unknown) {
    super('the work was aborted', { cause: reason })
    this.reason = reason
  }
}
