import { contentDigest } from '../../log/canonical.ts'
import { badPlan, isCall, type Step, toolOf } from './task.ts'

/** The steps of a task in an order in which they can be done, and what can be said of them before. */
export interface Plan {
  /** Each behind all that it needs; otherwise as they were given. */
  readonly order: readonly Step[]
  /** Most steps that are ready at the same moment, if each takes as long as any other. */
  readonly width: number
  /** Steps of the longest chain of which each needs the one before. */
  readonly depth: number
  /** Requests to an API. */
  readonly calls: number
  /** Tells plans apart: of ids, tools and dependencies, and of the version of the task. */
  readonly digest: string
}

const named = (ids: readonly string[]): string => `"${ids.slice(0, 5).join('", "')}"`

/** How many steps must be done one after the other before each can begin (Kahn 1962: always the next that waits for nothing). */
const levelsOf = (steps: readonly Step[]): ReadonlyMap<string, number> => {
  const known = new Set(steps.map(({ id }) => id))
  const followers = new Map<string, string[]>()
  const waitingFor = new Map<string, number>()
  for (const { id, after = [] } of steps) {
    const missing = after.filter((other) => !known.has(other))
    if (missing.length > 0) throw badPlan(`the step "${id}" comes after ${named(missing)}, which is no step.`)
    const needed = new Set(after)
    waitingFor.set(id, needed.size)
    for (const other of needed) {
      const others = followers.get(other)
      if (others === undefined) followers.set(other, [id])
      else others.push(id)
    }
  }
  const levels = new Map<string, number>()
  let ready = steps.flatMap(({ id }) => (waitingFor.get(id) === 0 ? [id] : []))
  for (let level = 0; ready.length > 0; level += 1) {
    const next: string[] = []
    for (const id of ready) {
      levels.set(id, level)
      for (const follower of followers.get(id) ?? []) {
        const left = (waitingFor.get(follower) ?? 0) - 1
        waitingFor.set(follower, left)
        if (left === 0) next.push(follower)
      }
    }
    ready = next
  }
  const waiting = steps.flatMap(({ id }) => (levels.has(id) ? [] : [id]))
  if (waiting.length > 0) throw badPlan(`the steps ${named(waiting)} wait for each other. Take one of their dependencies out.`)
  return levels
}

/**
 * Orders the steps of a task.
 *
 * @param version of the task: what was done by other code is of no use to it
 * @throws AutodidactError `INVALID_INPUT` when two steps share an id, one needs a step that there is not, or some wait for each other
 */
export const planOf = (steps: readonly Step[], version?: string): Plan => {
  const ids = new Set<string>()
  for (const { id } of steps) {
    if (ids.has(id)) throw badPlan(`two steps are called "${id}".`)
    ids.add(id)
  }
  const levels = levelsOf(steps)
  const widths = new Map<number, number>()
  for (const level of levels.values()) widths.set(level, (widths.get(level) ?? 0) + 1)
  return {
    order: steps.toSorted((left, right) => (levels.get(left.id) ?? 0) - (levels.get(right.id) ?? 0)),
    width: [...widths.values()].reduce((most, width) => Math.max(most, width), 0),
    depth: widths.size,
    calls: steps.filter(isCall).length,
    digest: contentDigest([...steps.map((step) => [step.id, toolOf(step), [...new Set(step.after)].toSorted()]), ...(version === undefined ? [] : [version])]),
  }
}
