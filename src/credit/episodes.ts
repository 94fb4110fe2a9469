import type { Episode, EpisodeSettled, Transition } from '../learn/learner.ts'
import type { Fact } from '../log/fact.ts'
import type { Dossier } from './dossier.ts'

/** The episode of each choice point of a run that has one, by point. */
export type Episodes = ReadonlyMap<string, Episode>

const none: Episodes = new Map()

/** A decision that knows what it led to only when the next one is known. */
type Begun = Omit<Transition, 'nextState' | 'terminated' | 'truncated'>

/**
 * The decisions of a run at each choice point, in the order in which they were made, with what each earned and which state followed. A point has an episode as soon
 * as anything is known of what its decisions earned.
 *
 * What a step says of its decision (its state, and whether the task ended) is taken from the first step that names it. The state after the last decision is that of the
 * first later step that has one.
 */
export const episodesOf = (dossier: Dossier): Episodes => {
  if (!dossier.judged) return none
  const steps = dossier.recorded?.data.steps ?? []
  const stepOf = new Map<string, number>()
  for (const [place, { decision }] of steps.entries()) if (decision !== undefined && !stepOf.has(decision)) stepOf.set(decision, place)
  const following = statesAfter(steps)
  const begun = new Map<string, Begun[]>()
  for (const decision of dossier.episodic) {
    const { option, followed } = dossier.settlementOf(decision)
    const state = steps[stepOf.get(decision.id) ?? -1]?.state ?? decision.state
    const own = dossier.ownWorthOf(decision)
    const { context } = decision
    const transition: Begun = {
      decision: decision.id,
      option,
      options: decision.options ?? [decision.option],
      followed,
      propensity: decision.propensity,
      features: decision.features,
      ...(context === undefined ? {} : { context }),
      ...(state === undefined ? {} : { state }),
      ...(own === undefined ? {} : { reward: own.reward }),
      weight: own?.weight ?? 1,
    }
    const others = begun.get(decision.point)
    if (others === undefined) begun.set(decision.point, [transition])
    else others.push(transition)
  }
  const episodes = new Map<string, Episode>()
  for (const [point, transitions] of begun) {
    const verdict = dossier.worthAt(point)
    if (verdict === undefined && transitions.every(({ reward }) => reward === undefined)) continue
    const whole = transitions.map((transition, place): Transition => {
      const step = stepOf.get(transition.decision)
      const next = place + 1 < transitions.length ? transitions[place + 1]?.state : step === undefined ? undefined : following[step]
      const { terminated = false, truncated = false } = steps[step ?? -1] ?? {}
      return { ...transition, ...(next === undefined ? {} : { nextState: next }), terminated, truncated }
    })
    episodes.set(point, { transitions: whole, ...(verdict === undefined ? {} : { verdict }) })
  }
  return episodes
}

/** For each step, the state of the first later one that has a state. */
const statesAfter = (steps: readonly { readonly state?: string | undefined }[]): (string | undefined)[] => {
  const after: (string | undefined)[] = []
  let next: string | undefined
  for (let place = steps.length - 1; place >= 0; place -= 1) {
    after[place] = next
    next = steps[place]?.state ?? next
  }
  return after
}

const sameTransition = (left: Transition | undefined, right: Transition | undefined): boolean =>
  left !== undefined &&
  right !== undefined &&
  left.decision === right.decision &&
  left.option === right.option &&
  left.state === right.state &&
  left.nextState === right.nextState &&
  left.reward === right.reward &&
  left.weight === right.weight &&
  left.terminated === right.terminated &&
  left.truncated === right.truncated

const sameEpisode = (left: Episode | undefined, right: Episode | undefined): boolean =>
  left === right ||
  (left !== undefined &&
    right !== undefined &&
    left.verdict?.reward === right.verdict?.reward &&
    left.verdict?.weight === right.verdict?.weight &&
    left.transitions.length === right.transitions.length &&
    left.transitions.every((transition, place) => sameTransition(transition, right.transitions[place])))

/** What a fact changed about the episodes of its run. */
export const episodeChanges = (dossier: Dossier, fact: Fact, before: Episodes, after: Episodes): EpisodeSettled[] => {
  const changes: EpisodeSettled[] = []
  for (const point of new Set([...before.keys(), ...after.keys()])) {
    const [previous, current] = [before.get(point), after.get(point)]
    if (sameEpisode(previous, current)) continue
    changes.push({
      kind: 'episode.settled',
      sequence: fact.sequence,
      occurredAt: fact.occurredAt,
      run: dossier.run,
      point,
      ...(previous === undefined ? {} : { previous }),
      ...(current === undefined ? {} : { current }),
    })
  }
  return changes
}
