import { groupedBy, outcomesOf } from './found.ts'
import { agentsOf, claimedBy, isShown, type Judged, surest } from './judged.ts'
import { isHabit } from './learning.ts'

/** Share of its runs that something has in common with what says the same. */
const mostlyTheSame = 0.8

/** What may say the same: ways to go about tasks of a kind that help, or that do harm. What an agent is good at, what is slow, and what helps against an error is each its own. */
const claimOf = ({ found: { type, kind } }: Judged): string | undefined =>
  isHabit(type) ? JSON.stringify(['good', kind]) : type === 'failure_pattern' ? JSON.stringify(['bad', kind]) : undefined

const isOfSeveral = ({ found }: Judged): number => Number(agentsOf(found).length > 1)

/** Of what is equal, a step that fails comes before what it is a part of, what recurs within runs before all that they do, and what is done before what it is called. */
const vagueness = ({ found: { type, from, approach, tries } }: Judged): number => Number((from ?? type) === 'task_strategy') + 2 * Number(approach !== undefined) - Number(tries !== undefined)

/** Who speaks for the others: what is validated, of that what several agents have; of the rest what one agent has, because nothing is a practice that is not shown. Then the surest. */
const byPrecedence = (left: Judged, right: Judged): number =>
  Number(right.validated) - Number(left.validated) ||
  (isOfSeveral(right) - isOfSeveral(left)) * (left.validated ? 1 : -1) ||
  right.confidence - left.confidence ||
  right.found.runs.length - left.found.runs.length ||
  vagueness(left) - vagueness(right) ||
  surest(left, right)

/** A learning, its runs and its agents, by their names. */
interface Known {
  readonly one: Judged
  readonly runs: ReadonlySet<string>
  readonly agents: ReadonlySet<string>
}

const knownOf = (one: Judged): Known => ({ one, runs: new Set(one.found.runs.map(({ run }) => run)), agents: new Set(one.found.runs.map(({ agent = '' }) => agent)) })

/**
 * Whether something adds nothing to what another says, as far as the agents of both go: nearly all of its runs are among the runs of that and do not go better than the rest of them (or worse, where
 * that is claimed). Of what is not shown nobody knows that, so it must be nearly the very same runs.
 */
const addsNothing = ({ one, agents }: Known, other: Known): boolean => {
  const own = one.found.runs.filter(({ agent = '' }) => other.agents.has(agent))
  const common = own.filter(({ run }) => other.runs.has(run))
  if (common.length < mostlyTheSame * own.length) return false
  const all = other.one.found.runs.filter(({ agent = '' }) => agents.has(agent))
  if (!one.validated) return common.length >= mostlyTheSame * all.length
  return !isShown(claimedBy(one.found.type, [{ with: outcomesOf(common), all: outcomesOf(all) }]))
}

/** What is left of some, and what stands for what: each gives way to the first before it that leaves it nothing to say. */
const without = (all: readonly Known[], alike: Map<string, string[]>, givesWay: (one: Known, other: Known) => boolean): Known[] => {
  const left: Known[] = []
  const byRun = new Map<string, Known[]>()
  for (const known of all) {
    const near = new Set([...known.runs].flatMap((run) => byRun.get(run) ?? []))
    const leader = [...near].find((other) => givesWay(known, other))
    if (leader !== undefined) {
      alike.set(leader.one.id, [...(alike.get(leader.one.id) ?? []), known.one.id, ...(alike.get(known.one.id) ?? [])])
      continue
    }
    left.push(known)
    for (const run of known.runs) {
      const others = byRun.get(run)
      if (others === undefined) byRun.set(run, [known])
      else others.push(known)
    }
  }
  return left
}

/** Whether something is a small part of what another says, so that it can be seen from the rest of that whether it is more. */
const isPartOf = (known: Known, other: Known): boolean => known.one.validated && 2 * known.runs.size <= other.runs.size && addsNothing(known, other)

const foldedOfClaim = (chosen: readonly Judged[]): Judged[] => {
  const alike = new Map<string, string[]>()
  const strongest = without(chosen.toSorted(byPrecedence).map(knownOf), alike, addsNothing)
  // A good part of what helps may by chance look better than the whole.
  const proven = without(strongest.filter(({ one }) => one.validated).sort((left, right) => right.runs.size - left.runs.size), alike, isPartOf)
  return [...proven, ...strongest.filter(({ one }) => !one.validated)].map(({ one }) => ({ ...one, alike: alike.get(one.id) ?? [] }))
}

/**
 * One for each thing that is said: a habit of three actions, its parts, the approach of the same runs, and what several agents do alike would otherwise be told many times. The strongest stands for
 * the others and names them.
 *
 * @returns the surest first
 */
export const folded = (chosen: readonly Judged[]): Judged[] =>
  [...groupedBy(chosen, claimOf)].flatMap(([claim, own]) => (claim === undefined || own.length === 1 ? own : foldedOfClaim(own))).sort(surest)
