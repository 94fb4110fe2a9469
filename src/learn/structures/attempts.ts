/** What a run tried, in its order. */
export interface Attempts {
  /** Repetitions in a row are one: how often an action was repeated depends on what it found. */
  readonly actions: readonly string[]
  /** Places in `actions` of what failed, and was not repeated with success at once. */
  readonly failed: readonly number[]
}

/** @param failures places of the steps that failed */
export const attemptsOf = (steps: readonly string[], failures: readonly number[] = []): Attempts => {
  const failing = failures.length === 0 ? undefined : new Set(failures)
  const actions: string[] = []
  const failed: number[] = []
  for (let place = 0; place < steps.length; place += 1) {
    const action = steps[place]
    // Of a row the last one says how it went.
    if (action === undefined || steps[place + 1] === action) continue
    if (failing?.has(place) === true) failed.push(actions.length)
    actions.push(action)
  }
  return { actions, failed }
}

/** Whether an action that failed never succeeded afterwards. */
const isOpen = ({ actions, failed }: Attempts, at: number): boolean => !actions.some((action, later) => later > at && action === actions[at] && !failed.includes(later))

/** Where a run left its way: the first action that failed and never succeeded afterwards, to which all that follows is an answer. Undefined where it got past all that failed. */
export const firstBreak = (attempts: Attempts): string | undefined => {
  const place = attempts.failed.find((at) => isOpen(attempts, at))
  return place === undefined ? undefined : attempts.actions[place]
}

/** What a run broke off at: the last action that failed and never succeeded afterwards. Undefined where it got past all that failed. */
export const brokenOffAt = (attempts: Attempts): string | undefined => {
  const place = attempts.failed.findLast((at) => isOpen(attempts, at))
  return place === undefined ? undefined : attempts.actions[place]
}
