import type { AutodidactError } from '../errors.ts'

/** Choice points of all namespaces of which a refusal is kept. */
const most = 1_000

interface Refused {
  readonly run: string
  readonly error: AutodidactError
}

/**
 * What rewards gave that is no number, the last at each choice point, for the warnings of decisions there. Learned from nothing of it, and not saved: whoever folds the
 * log again meets it again.
 */
export class RefusedRewards {
  readonly #namespaces = new Map<string, Map<string, Refused>>()

  /** The reward at a point gave nothing of use for a run. */
  refuse(namespace: string, point: string, run: string, error: AutodidactError): void {
    const points = this.#namespaces.get(namespace) ?? new Map<string, Refused>()
    points.delete(point)
    points.set(point, { run, error })
    const [oldest] = points.keys()
    if (points.size > most && oldest !== undefined) points.delete(oldest)
    this.#namespaces.delete(namespace)
    this.#namespaces.set(namespace, points)
    const [longestUnused] = this.#namespaces.keys()
    if (this.#namespaces.size > most && longestUnused !== undefined) this.#namespaces.delete(longestUnused)
  }

  /** It gave a number for that run, now that more is known. */
  accept(namespace: string, point: string, run: string): void {
    const points = this.#namespaces.get(namespace)
    if (points?.get(point)?.run === run) points.delete(point)
  }

  at(namespace: string, point: string): AutodidactError | undefined {
    return this.#namespaces.get(namespace)?.get(point)?.error
  }

  /** Forgets what was met in a namespace, whose log is about to be folded again: what was erased there must not be told of. */
  drop(namespace: string): void {
    this.#namespaces.delete(namespace)
  }
}
