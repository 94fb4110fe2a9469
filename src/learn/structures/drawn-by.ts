import { type Arm, arms } from './item-effect.ts'

/** How many rewards there are in each arm of a trial, and their sums. */
interface ArmMeans {
  judged: number
  sum: number
}

type Share = Readonly<Record<Arm, ArmMeans>>

/** What each reporter contributed to a trial: the key of the reporter, and what its runs earned in each arm. */
export type DrawnBy = Map<number, Share>

/** As JSON holds them, in the order in which they came. */
export type SavedDrawnBy = readonly (readonly [reporter: number, share: Share])[]

/** Of so many the shares are kept. Whoever has the fewest runs makes room: nobody who has few can be the reason for what all together show. */
const mostReporters = 64

const noShare = (): Share => ({ offered: { judged: 0, sum: 0 }, withheld: { judged: 0, sum: 0 } })

const add = (to: ArmMeans, judged: number, sum: number): void => {
  to.judged = Math.max(0, to.judged + judged)
  to.sum = Math.min(to.judged, Math.max(0, to.sum + sum))
}

const runsOf = ({ offered, withheld }: Share): number => offered.judged + withheld.judged

const shareOf = (by: DrawnBy, reporter: number): Share => {
  const known = by.get(reporter)
  if (known !== undefined) return known
  if (by.size >= mostReporters) {
    const [fewest] = [...by].reduce((least, one) => (runsOf(one[1]) < runsOf(least[1]) ? one : least))
    by.delete(fewest)
  }
  const made = noShare()
  by.set(reporter, made)
  return made
}

export const drawnByFrom = (saved: SavedDrawnBy): DrawnBy => new Map(saved.map(([reporter, { offered, withheld }]) => [reporter, { offered: { ...offered }, withheld: { ...withheld } }]))

/** Takes the reward of a reporter's run in, changes it, or takes it out. */
export const addDrawn = (by: DrawnBy, reporter: number, arm: Arm, previous: number | undefined, current: number | undefined): void => {
  // Of whoever made room there is nothing to change, and nobody is to make room for that.
  if (previous !== undefined && !by.has(reporter)) return
  const share = shareOf(by, reporter)
  if (current !== undefined) add(share[arm], 1, current)
  if (previous !== undefined) add(share[arm], -1, -previous)
  if (runsOf(share) === 0) by.delete(reporter)
}

export const addAllDrawn = (to: DrawnBy, from: DrawnBy): void => {
  for (const [reporter, share] of from) for (const arm of arms) add(shareOf(to, reporter)[arm], share[arm].judged, share[arm].sum)
}

/**
 * Whether a difference does not hang on one reporter: without any one of them, what is left points in the same direction.
 *
 * @param trial of all reporters together
 */
export const isShared = (trial: Share, by: DrawnBy): boolean => {
  const differenceWithout = ({ offered, withheld }: Share): number => {
    const [shown, left] = [trial.offered.judged - offered.judged, trial.withheld.judged - withheld.judged]
    return shown > 0 && left > 0 ? (trial.offered.sum - offered.sum) / shown - (trial.withheld.sum - withheld.sum) / left : 0
  }
  const direction = Math.sign(differenceWithout(noShare()))
  return [...by.values()].every((share) => Math.sign(differenceWithout(share)) === direction)
}
