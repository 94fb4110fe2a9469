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

/** Places of what failed and never succeeded afterwards, in their order. */
const openFailures = ({ actions, failed }: Attempts): readonly number[] => {
  if (failed.length === 0) return failed
  const failing = new Set(failed)
  const succeeded = new Map<string, number>()
  for (const [place, action] of actions.entries()) if (!failing.has(place)) succeeded.set(action, place)
  return failed.filter((place) => (succeeded.get(actions[place] ?? '') ?? -1) < place)
}

/** Where a run left its way: the first action that failed and never succeeded afterwards, to which all that follows is an answer. Undefined where it got past all that failed. */
export const firstBreak = (attempts: Attempts): string | undefined => {
  const place = openFailures(attempts)[0]
  return place === undefined ? undefined : attempts.actions[place]
}

/** What a run broke off at: the last action that failed and never succeeded afterwards. Undefined where it got past all that failed. */
export const brokenOffAt = (attempts: Attempts): string | undefined => {
  const place = openFailures(attempts).at(-1)
  return place === undefined ? undefined : attempts.actions[place]
}
