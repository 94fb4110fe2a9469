import { plus, type RunTally } from '../learn/structures/run-tallies.ts'
import { groupedBy, type JudgedRun, tallyOf } from './found.ts'

/** A way to go about tasks, and the runs that attempted it. */
export interface Strategy {
  /** The approach, or all that was done. */
  readonly key: string
  readonly way: Pick<JudgedRun, 'approach' | 'actions'>
  /** That went all of it, in the order of the log. */
  readonly runs: readonly JudgedRun[]
  /** Those that broke off, by the share of those with the same beginning that went on so; undefined where there are none. */
  readonly brokenOff: RunTally | undefined
}

const keyOf = ({ approach, actions }: JudgedRun): string => JSON.stringify(approach === undefined ? { actions } : { approach })

/** What a run had tried when it broke off; undefined where it did not, where it says how it went about its task, and where that is later than its outline goes. */
const openingOf = ({ approach, actions, failed = [], brokenOffAt }: JudgedRun): readonly string[] | undefined => {
  if (approach !== undefined || brokenOffAt === undefined) return undefined
  const place = failed.findLast((at) => actions[at] === brokenOffAt)
  return place === undefined ? undefined : actions.slice(0, place + 1)
}

const startsWith = ({ actions }: JudgedRun, opening: readonly string[]): boolean => opening.every((action, place) => action === actions[place])

/**
 * Runs by how they were gone about: as they say, or by all that they did. One that broke off would have gone on as those with the same beginning did, each by its share; where there are none, what it
 * did is all that is known.
 */
export const strategiesIn = (runs: readonly JudgedRun[]): Strategy[] => {
  const known = runs.filter(({ approach, actions }) => approach !== undefined || actions.length > 0)
  const ended = [...groupedBy(known.filter(({ approach, brokenOffAt }) => approach === undefined && brokenOffAt === undefined), keyOf)]
  const brokenOff = new Map<string, RunTally>()
  const isShared = new Set<JudgedRun>()
  for (const broken of groupedBy(known.filter((run) => openingOf(run) !== undefined), (run) => JSON.stringify(openingOf(run))).values()) {
    const [first] = broken
    const opening = first === undefined ? undefined : openingOf(first)
    if (opening === undefined) continue
    const continued = ended.filter(([, [way]]) => way !== undefined && startsWith(way, opening))
    const all = continued.reduce((sum, [, own]) => sum + own.length, 0)
    const tally = tallyOf(broken)
    for (const [key, own] of continued) brokenOff.set(key, plus(brokenOff.get(key), tally, own.length / all))
    if (all > 0) for (const run of broken) isShared.add(run)
  }
  return [...groupedBy(known.filter((run) => !isShared.has(run)), keyOf)].flatMap(([key, own]) => {
    const [way] = own
    return way === undefined ? [] : [{ key, way, runs: own, brokenOff: brokenOff.get(key) }]
  })
}
