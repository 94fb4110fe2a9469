import type { Work } from './executor.ts'
import type { Step } from './task.ts'

/** Divides the steps that are ready into groups that are done together: each group of one step, or of requests to one API. */
export type Grouping = (ready: readonly Step[]) => readonly (readonly Step[])[]

/**
 * Does every step as soon as those that it needs are done, so many groups at once. When one fails for good, the others are aborted and waited for: nothing goes on behind the back of
 * whoever hears of the failure.
 *
 * @throws the error of the first that failed
 */
export const whileReady = async ({ plan, outputs, signal, perform }: Work, groupsOf: Grouping, atOnce: number): Promise<void> => {
  const failure = new AbortController()
  const either = AbortSignal.any([signal, failure.signal])
  const begun = new Set(outputs.keys())
  const running = new Set<Promise<void>>()
  let failed: { readonly error: unknown } | undefined
  const start = (group: readonly Step[]): void => {
    for (const { id } of group) begun.add(id)
    const one = perform(group, either)
      .catch((error: unknown) => {
        failed ??= { error }
        failure.abort(error)
      })
      .finally(() => running.delete(one))
    running.add(one)
  }
  for (;;) {
    if (failed === undefined && !signal.aborted) {
      const ready = plan.order.filter(({ id, after = [] }) => !begun.has(id) && after.every((other) => outputs.has(other)))
      for (const group of groupsOf(ready).slice(0, atOnce - running.size)) start(group)
    }
    if (running.size === 0) break
    await Promise.race(running)
  }
  signal.throwIfAborted()
  if (failed !== undefined) throw failed.error
}
