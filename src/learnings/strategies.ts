import { believedBy, groupedBy, type JudgedRun } from './found.ts'

/** A way to go about tasks, and the runs that did, in the order of the log. */
export interface Strategy {
  /** The approach, or all that was done. */
  readonly key: string
  readonly way: Pick<JudgedRun, 'approach' | 'actions'>
  readonly runs: readonly JudgedRun[]
}

const keyOf = ({ approach, actions }: JudgedRun): string => JSON.stringify(approach === undefined ? { actions } : { approach })

const hasEnded = ({ approach, brokenOffAt }: JudgedRun): boolean => approach !== undefined || brokenOffAt === undefined

/** What a run had tried when it broke off; undefined where that is later than its outline goes. */
const openingOf = ({ actions, failed = [], brokenOffAt }: JudgedRun): readonly string[] | undefined => {
  const place = failed.findLast((at) => actions[at] === brokenOffAt)
  return place === undefined ? undefined : actions.slice(0, place + 1)
}

interface Attempt {
  readonly key: string
  readonly way: JudgedRun
  readonly run: JudgedRun
}

const asItIs = (run: JudgedRun): Attempt => ({ key: keyOf(run), way: run, run })

/**
 * Runs by how they were gone about: as they say, or by all that they did. One that broke off would have gone on as those with the same beginning did, each by its share; where there are none, what it
 * did is all that is known.
 */
export const strategiesIn = (runs: readonly JudgedRun[]): Strategy[] => {
  const known = runs.filter(({ approach, actions }) => approach !== undefined || actions.length > 0)
  const ended = [...groupedBy(known.filter((run) => run.approach === undefined && hasEnded(run)), keyOf)]
  const attempts = known.flatMap((run): Attempt[] => {
    const opening = hasEnded(run) ? undefined : openingOf(run)
    if (opening === undefined) return [asItIs(run)]
    const continued = ended.flatMap(([key, own]) => {
      const [way] = own
      return way !== undefined && opening.every((action, place) => action === way.actions[place]) ? [{ key, way, runs: own.length }] : []
    })
    const all = continued.reduce((sum, one) => sum + one.runs, 0)
    return continued.length === 0 ? [asItIs(run)] : continued.map(({ key, way, runs: own }) => ({ key, way, run: believedBy(run, own / all) }))
  })
  return [...groupedBy(attempts, ({ key }) => key)].flatMap(([key, own]) => {
    const [first] = own
    return first === undefined ? [] : [{ key, way: first.way, runs: own.map(({ run }) => run) }]
  })
}
