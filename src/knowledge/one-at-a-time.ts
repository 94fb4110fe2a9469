import type { Scope } from '../scope.ts'

const queues = new WeakMap<Scope['storage'], Map<string, Promise<unknown>>>()

/** Does pieces of work of the same name one after the other, in this process; whoever waits sees what those before have written. */
export const oneAtATime = async <Result>({ storage, namespace }: Scope, name: string, work: () => Promise<Result>): Promise<Result> => {
  const waiting = queues.get(storage) ?? new Map<string, Promise<unknown>>()
  queues.set(storage, waiting)
  const key = JSON.stringify([namespace, name])
  const before = waiting.get(key)
  const now = before === undefined ? work() : before.then(work)
  // What fails stands in nobody’s way.
  const done = now.catch(() => undefined)
  waiting.set(key, done)
  try {
    return await now
  } finally {
    if (waiting.get(key) === done) waiting.delete(key)
  }
}
