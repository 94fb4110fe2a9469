/**
 * Lets whatever else the process has to do get its turn.
 *
 * Not the `setImmediate` of `node:timers/promises`: in Node 24.21 what one turn has allocated is kept by that of the turn before, so that a loop over a long log keeps
 * all of it alive until memory is collected as a whole (a replay took a quarter longer, in three of four runs).
 */
export const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve)
  })
