/** How often a tool was called, and how many of these calls failed. */
export interface Calls {
  readonly calls: number
  readonly failed: number
}

/**
 * Calls by tool, in the order in which each came first.
 *
 * @param failures places of the calls that failed
 */
export const callsOf = (actions: readonly string[], failures: readonly number[] = []): ReadonlyMap<string, Calls> => {
  const byTool = new Map<string, { calls: number; failed: number }>()
  for (const action of actions) {
    const known = byTool.get(action)
    if (known === undefined) byTool.set(action, { calls: 1, failed: 0 })
    else known.calls += 1
  }
  for (const place of failures) {
    const known = byTool.get(actions[place] ?? '')
    if (known !== undefined) known.failed += 1
  }
  return byTool
}
