import type { Fact } from '../log/fact.ts'
import { similarityTo } from '../log/kinds/decision-made.ts'
import type { DecisionSettled, EpisodeSettled, RunJudged, RunSettled, Verdict, Voice } from '../learn/learner.ts'
import type { Dossier, OpenDecision } from './dossier.ts'
import { episodeChanges, episodesOf } from './episodes.ts'
import { SettledRun } from './settled-run.ts'

/** A derived experience: what a fact changed about the worth of a run and of its decisions. */
export type Settlement = RunSettled | DecisionSettled | EpisodeSettled | RunJudged

interface Worth {
  readonly verdict: Verdict | undefined
}

interface RunWorth extends Worth {
  readonly shown: readonly string[]
  readonly trial: RunSettled['trial']
  readonly approach: string | undefined
}

interface DecisionWorth extends Worth {
  readonly option: string
  readonly followed: boolean
}

const sameVerdict = (left: Verdict | undefined, right: Verdict | undefined): boolean =>
  left === right || (left !== undefined && right !== undefined && left.reward === right.reward && left.weight === right.weight)

const sameList = (left: readonly string[], right: readonly string[]): boolean =>
  left === right || (left.length === right.length && left.every((entry, place) => entry === right[place]))

/** `previous` and `current` as the fields of a settlement, absent where there is no verdict. */
const change = (previous: Verdict | undefined, current: Verdict | undefined): { previous?: Verdict; current?: Verdict } => ({
  ...(previous === undefined ? {} : { previous }),
  ...(current === undefined ? {} : { current }),
})

/**
 * Joins one fact to the run it belongs to and says what that settled. Folds the fact into the dossier.
 *
 * The same subject with another verdict is one revision. Another subject (the agent turns out to have taken another option, or to have used
 * other items) is a withdrawal from the old and a settlement of the new, so that credit goes to what was really done.
 *
 * @param episodes whether anybody wants to know of episodes; they take time in proportion to the decisions of the run
 * @param voices whether anybody wants to know who said what of the run
 */
export const settle = (dossier: Dossier, fact: Fact, episodes = false, voices = false): Settlement[] => {
  if (fact.sequence <= dossier.lastSequence) return []
  // Advice and decisions say nothing of how the run went; the episode that they belong to is settled when somebody does.
  const speaks = episodes && fact.kind !== 'advice.given' && fact.kind !== 'decision.made'
  const episodesBefore = speaks ? episodesOf(dossier) : undefined
  const runBefore = runWorth(dossier)
  const heardBefore = voices ? heardOf(dossier) : undefined
  const reach = dossier.reachOf(fact)
  // Most facts reach no decision.
  const before = reach.length === 0 ? nobody : reach.map((decision) => ({ decision, worth: dossier.settlementOf(decision) }))
  dossier.add(fact)
  const settlements: Settlement[] = []
  for (const { decision, worth } of before) {
    settlements.push(...decisionChanges(dossier, decision, fact, worth, dossier.settlementOf(decision)))
  }
  // A decision written after its run's verdict (the run was named beforehand) is settled at once.
  const written = fact.kind === 'decision.made' ? dossier.decisions.get(fact.id) : undefined
  if (written !== undefined) {
    const nothing = { option: written.option, followed: true, verdict: undefined }
    settlements.push(...decisionChanges(dossier, written, fact, nothing, dossier.settlementOf(written)))
  }
  if (episodesBefore !== undefined) settlements.push(...episodeChanges(dossier, fact, episodesBefore, episodesOf(dossier)))
  settlements.push(...runChanges(dossier, fact, runBefore, runWorth(dossier)))
  if (heardBefore !== undefined) settlements.push(...voiceChanges(dossier, fact, heardBefore, heardOf(dossier)))
  return settlements
}

const nobody: readonly { readonly decision: OpenDecision; readonly worth: DecisionWorth }[] = []

/** Only a recorded run has a worth: what was done, and with which items, is not known before. */
const runWorth = (dossier: Dossier): RunWorth => ({ verdict: dossier.recorded === undefined ? undefined : dossier.verdict, shown: dossier.shown, trial: dossier.trial, approach: dossier.approach })

const decisionChanges = (dossier: Dossier, decision: OpenDecision, fact: Fact, before: DecisionWorth, after: DecisionWorth): DecisionSettled[] => {
  const { context, user } = decision
  const event = (worth: DecisionWorth, verdicts: { previous?: Verdict; current?: Verdict }): DecisionSettled => ({
    kind: 'decision.settled',
    sequence: fact.sequence,
    occurredAt: fact.occurredAt,
    run: dossier.run,
    ...(user === undefined ? {} : { user }),
    decision: decision.id,
    point: decision.point,
    option: worth.option,
    followed: worth.followed,
    propensity: decision.propensity,
    features: decision.features,
    similarity: similarityTo(worth.option, decision.similarities),
    ...(decision.state === undefined ? {} : { state: decision.state }),
    ...(context === undefined ? {} : { context }),
    ...(decision.experiment === undefined ? {} : { experiment: decision.experiment }),
    ...verdicts,
  })
  if (before.option === after.option) {
    return sameVerdict(before.verdict, after.verdict) ? [] : [event(after, change(before.verdict, after.verdict))]
  }
  return [
    ...(before.verdict === undefined ? [] : [event(before, change(before.verdict, undefined))]),
    ...(after.verdict === undefined ? [] : [event(after, change(undefined, after.verdict))]),
  ]
}

const runChanges = (dossier: Dossier, fact: Fact, before: RunWorth, after: RunWorth): RunSettled[] => {
  const recorded = dossier.recorded
  if (recorded === undefined) return []
  const event = ({ shown, trial, approach }: RunWorth, previous: Verdict | undefined, current: Verdict | undefined): RunSettled =>
    new SettledRun({ fact, dossier, recorded, shown, trial, approach, previous, current })
  if (sameList(before.shown, after.shown) && before.trial === after.trial && before.approach === after.approach) {
    return sameVerdict(before.verdict, after.verdict) ? [] : [event(after, before.verdict, after.verdict)]
  }
  return [
    ...(before.verdict === undefined ? [] : [event(before, before.verdict, undefined)]),
    ...(after.verdict === undefined ? [] : [event(after, undefined, after.verdict)]),
  ]
}

interface Heard {
  readonly shown: readonly string[]
  readonly voices: readonly Voice[]
}

/** What was not shown anything tells nothing of whoever taught it. */
const heardOf = (dossier: Dossier): Heard => ({ shown: dossier.shown, voices: dossier.shown.length === 0 ? [] : dossier.voices })

const sameVoices = (left: readonly Voice[], right: readonly Voice[]): boolean =>
  left.length === right.length &&
  left.every((voice, place) => {
    const other = right[place]
    return other !== undefined && (['source', 'agent', 'user', 'reward', 'weight'] as const).every((field) => voice[field] === other[field])
  })

const voiceChanges = (dossier: Dossier, { sequence, occurredAt }: Fact, before: Heard, after: Heard): RunJudged[] => {
  const event = (shown: readonly string[], previous: readonly Voice[], current: readonly Voice[]): RunJudged => ({
    kind: 'run.judged',
    sequence,
    occurredAt,
    run: dossier.run,
    shown,
    ...(previous.length === 0 ? {} : { previous }),
    ...(current.length === 0 ? {} : { current }),
  })
  if (sameList(before.shown, after.shown)) return sameVoices(before.voices, after.voices) ? [] : [event(after.shown, before.voices, after.voices)]
  return [
    ...(before.voices.length === 0 ? [] : [event(before.shown, before.voices, [])]),
    ...(after.voices.length === 0 ? [] : [event(after.shown, [], after.voices)]),
  ]
}
