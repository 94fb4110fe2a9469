import * as fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { ledger, type Ledger } from '../../test/support/settled.ts'
import type { Fact, FactKind, FactOf } from '../log/fact.ts'
import { settle, type Settlement } from './credit.ts'
import { Dossier } from './dossier.ts'
import { defaultVerdictWeights, type JudgeLevel, judgeLevels } from './votes.ts'

// Runs with ids of their own, so that facts of several runs can be mixed in any order.
const runs = ['r1', 'r2', 'r3']
const options = ['a', 'b', 'c']
// Whoever is not named is no name, and nobody can be called like it.
const authors = ['ada', 'grace', 'anonymous', undefined]
const answers = ['yes', 'no', 'perhaps']
const deadline = 1_000

const envelope = (id: string, kind: FactKind, run: string, user?: string) => ({
  user,
  id,
  kind,
  run,
  sequence: 0,
  namespace: 'default',
  version: 1,
  occurredAt: 0,
  recordedAt: 0,
  source: 'test',
  trust: 'agent' as const,
})

const features = { hashes: '', values: '' }
const unit = fc.constantFrom(0, 0.25, 0.5, 1)
const judge = fc.constantFrom('check', 'user', 'host', 'model')
/** Data of a fact without what was not drawn. */
const data = <Shape extends object>(shape: { [Key in keyof Shape]: fc.Arbitrary<Shape[Key]> }, required: (keyof Shape)[]) =>
  fc.record(shape, { requiredKeys: required as never[] })

/** All facts that one run may have, each at most once, apart from their order. */
const factsOf = (run: string): fc.Arbitrary<Fact[]> => {
  const fact = (id: string, kind: FactKind, content: fc.Arbitrary<object>): fc.Arbitrary<Fact> =>
    // The arbitraries below are what the schemas of these kinds describe.
    fc.tuple(content, fc.constantFrom(undefined, undefined, 'ada', 'grace')).map(([data, user]) => ({ ...envelope(`${run}/${id}`, kind, run, user), data }) as unknown as Fact)
  const advice = fact('advice', 'advice.given', fc.subarray(['item-1', 'item-2']).map((ids) => ({ items: ids.map((id) => ({ id })), expiresAt: deadline })))
  const decision = (id: string, point: string): fc.Arbitrary<Fact> =>
    fact(id, 'decision.made', data({
      point: fc.constant(point), option: fc.constantFrom(...options), propensity: fc.constant(0.5), features: fc.constant(features),
      similarities: fc.constant({ a: 0.5 }), expiresAt: fc.constantFrom(deadline, 2 * deadline), defaultReward: unit,
    }, ['point', 'option', 'propensity', 'features', 'similarities', 'expiresAt']))
  const record = fact('record', 'run.recorded', data({
    task: fc.constant('a task'), features: fc.constant(features), steps: fc.constant([{ action: 'x', decision: `${run}/d2`, reward: 3 }]), advice: fc.constant(`${run}/advice`),
    response: fc.constantFrom(...answers), outcome: data({ success: fc.boolean(), score: unit, judge }, ['judge']),
    taken: fc.dictionary(fc.constantFrom('tool', `${run}/d1`), fc.constantFrom(...options)), used: fc.subarray(['item-1', 'item-3']),
  }, ['task', 'features', 'steps']))
  const feedback = (id: string): fc.Arbitrary<Fact> =>
    fact(id, 'feedback.received', data({
      author: fc.constantFrom(...authors), rating: unit, correction: fc.constantFrom(...answers), outcome: data({ reward: unit, judge }, ['reward', 'judge']),
      decision: fc.constantFrom(`${run}/d1`, `${run}/d2`, `${run}/d9`), comment: fc.constant('so so'),
    }, []))
  const retraction = (id: string): fc.Arbitrary<Fact> =>
    fact(id, 'feedback.retracted', fc.constantFrom('f1', 'f2', 'f3', 'f9', 'record').map((feedback) => ({ feedback: `${run}/${feedback}` })))
  const expiry = (id: string): fc.Arbitrary<Fact> =>
    fact(id, 'run.expired', fc.constantFrom(deadline / 2, deadline, 2 * deadline).map((passed) => ({ deadline: passed, recorded: false })))
  const all = [advice, decision('d1', 'tool'), decision('d2', 'tool'), decision('d3', 'model'), record, ...['f1', 'f2', 'f3', 'f4', 'f5'].map(feedback), retraction('t1'), retraction('t2'), expiry('e1'), expiry('e2')]
  return fc.tuple(...all).chain((facts) => fc.shuffledSubarray(facts))
}

/** The facts of several runs, mixed, in log order. */
const history = fc
  .tuple(...runs.map(factsOf))
  .chain((perRun) => fc.tuple(fc.constant(perRun), fc.infiniteStream(fc.nat(runs.length - 1))))
  .map(([perRun, turns]) => {
    const queues = perRun.map((facts) => [...facts])
    const log: Fact[] = []
    for (const turn of turns) {
      const queue = queues.slice(turn).concat(queues.slice(0, turn)).find(({ length }) => length > 0)
      const next = queue?.shift()
      if (next === undefined) return log
      log.push({ ...next, sequence: log.length + 1 })
    }
    return log
  })

/** A fact of the first run; its data is what the schema of its kind describes. */
const said = (id: string, kind: FactKind, data: object, user?: string): Fact => ({ ...envelope(`r1/${id}`, kind, 'r1', user), data }) as unknown as Fact

const inOrder = (facts: readonly Fact[]): Fact[] => facts.map((fact, place) => ({ ...fact, sequence: place + 1 }))

/** One run of many decisions, each with its own deadline, and with feedback of its own that is taken back; half of them expire before the record. */
const longHistory = (decisions: number): Fact[] => {
  const places = Array.from({ length: decisions }, (_, place) => place)
  const dueAt = (place: number): number => deadline - decisions + place
  const made = { point: 'tool', option: 'a', propensity: 1, features, similarities: {}, defaultReward: 0.25 }
  return inOrder([
    ...places.map((place) => said(`m${place}`, 'decision.made', { ...made, expiresAt: dueAt(place) })),
    ...places.slice(0, decisions / 2).map((place) => said(`e${place}`, 'run.expired', { deadline: dueAt(place), recorded: false })),
    said('record', 'run.recorded', { task: 'x', features, steps: [], outcome: { success: true, judge: 'host' } }),
    ...places.map((place) => said(`f${place}`, 'feedback.received', { author: 'ada', rating: 0.5, decision: `r1/m${place}` })),
    ...places.map((place) => said(`t${place}`, 'feedback.retracted', { feedback: `r1/f${place}` })),
  ])
}

const settlementsOf = (log: readonly Fact[], dossiers = new Map<string, Dossier>()): Settlement[] =>
  log.flatMap((fact) => {
    const dossier = dossiers.get(fact.run ?? '') ?? new Dossier(fact.run ?? '')
    dossiers.set(dossier.run, dossier)
    return settle(dossier, fact)
  })

/** The books after the settlements; keeping them fails where one revises something that did not stand. */
const booksOf = (settlements: readonly Settlement[]): Ledger => settlements.reduce((state, settled) => ledger.learn(state, settled), ledger.initial())

/** The rules of precedence once more, read from a finished history at once: slow, and without any order of arrival but that of votes. */
const oracle = (log: readonly Fact[]): Ledger => {
  const of = <Kind extends FactKind>(run: string, kind: Kind) =>
    log.filter((fact): fact is Extract<Fact, { kind: Kind }> & FactOf<Kind> => fact.run === run && fact.kind === kind)
  const books = new Map<string, { reward: number; weight: number } | undefined>()
  for (const run of runs) {
    const [recorded] = of(run, 'run.recorded')
    const retracted = new Set(of(run, 'feedback.retracted').map(({ data }) => data.feedback))
    const asked = log.filter(({ kind, ...fact }) => fact.run === run && (kind === 'advice.given' || kind === 'decision.made'))
    const user = recorded === undefined ? asked.find((fact) => fact.user !== undefined)?.user : recorded.user
    const voice = (author: string | undefined, level: JudgeLevel): string | undefined => author ?? (level === 'user' || level === 'correction' ? user : undefined)
    const votes: { level: JudgeLevel; who: string | undefined; reward: number; decision: string | undefined; sequence: number }[] = []
    for (const { id, sequence, data } of of(run, 'feedback.received')) {
      if (retracted.has(id)) continue
      const say = (level: JudgeLevel, reward: number) => votes.push({ who: voice(data.author, level), level, reward, decision: data.decision, sequence })
      if (data.rating !== undefined) say('user', data.rating)
      if (data.outcome !== undefined) say(data.outcome.judge, data.outcome.reward)
      if (data.correction !== undefined) say('correction', Number(data.correction === recorded?.data.response))
    }
    const outcome = recorded?.data.outcome
    const reward = outcome?.score ?? (outcome?.success === undefined ? undefined : Number(outcome.success))
    if (recorded !== undefined && outcome !== undefined && reward !== undefined && !retracted.has(recorded.id)) {
      votes.push({ level: outcome.judge, who: voice(undefined, outcome.judge), reward, decision: undefined, sequence: recorded.sequence })
    }
    votes.sort((left, right) => left.sequence - right.sequence)
    const verdict = (decision: string | undefined) => {
      const level = judgeLevels.find((candidate) => votes.some((vote) => vote.level === candidate && vote.decision === decision))
      if (level === undefined) return undefined
      const byPerson = new Map(votes.filter((vote) => vote.level === level && vote.decision === decision).map((vote) => [vote.who, vote.reward]))
      return { reward: [...byPerson.values()].reduce((sum, value) => sum + value, 0) / byPerson.size, weight: defaultVerdictWeights[level] }
    }
    for (const { id, data } of of(run, 'decision.made')) {
      const stepped = recorded !== undefined && id === `${run}/d2` ? { reward: 1, weight: 1 } : undefined
      const passed = of(run, 'run.expired').some(({ data: expiry }) => expiry.deadline >= (data.expiresAt ?? Infinity))
      const expired = passed && data.defaultReward !== undefined
      const worth = verdict(id) ?? stepped ?? verdict(undefined) ?? (expired ? { reward: data.defaultReward ?? 0, weight: 1 } : undefined)
      const taken = recorded?.data.taken?.[id] ?? recorded?.data.taken?.[data.point] ?? data.option
      if (worth !== undefined) books.set(`decision ${id} ${taken}`, worth)
    }
    const shown = recorded?.data.used ?? (recorded?.data.advice === undefined ? [] : of(run, 'advice.given').flatMap(({ data }) => data.items.map(({ id }) => id)))
    const whole = verdict(undefined)
    if (recorded !== undefined && whole !== undefined) books.set(`run ${run} ${shown.join()}`, whole)
  }
  return books
}

/** Books with numbers that may differ by rounding, because votes are summed in the order of their arrival. */
const rounded = (books: Ledger): Map<string, unknown> =>
  new Map([...books].map(([subject, verdict]) => [subject, verdict === undefined ? undefined : { ...verdict, reward: Number(verdict.reward.toFixed(9)) }]))

describe('settling fact by fact', () => {
  test('gives what the finished history says, and each settlement revises what stood', () => {
    fc.assert(
      fc.property(history, (log) => {
        expect(rounded(booksOf(settlementsOf(log)))).toEqual(rounded(oracle(log)))
      }),
      { numRuns: 1_000 },
    )
  })

  test('gives after each fact what the history up to it says', () => {
    fc.assert(
      fc.property(history, (log) => {
        const dossiers = new Map<string, Dossier>()
        let books = ledger.initial()
        for (const [place, fact] of log.entries()) {
          for (const settled of settlementsOf([fact], dossiers)) books = ledger.learn(books, settled)
          expect(rounded(ledger.view(books))).toEqual(rounded(oracle(log.slice(0, place + 1))))
        }
      }),
      { numRuns: 500 },
    )
  })

  test('makes two votes one when it turns out that both are of the same person', () => {
    const log = inOrder([
      said('d1', 'decision.made', { point: 'tool', option: 'a', propensity: 1, features, similarities: {} }),
      said('f1', 'feedback.received', { rating: 0 }),
      said('f2', 'feedback.received', { author: 'ada', rating: 1 }),
      said('advice', 'advice.given', { items: [] }, 'ada'),
    ])
    const rewards = settlementsOf(log).map((settled) => (settled.kind === 'decision.settled' ? [settled.previous?.reward, settled.current?.reward] : []))
    expect(rewards).toEqual([[undefined, 0], [0, 0.5], [0.5, 1]])
  })

  test('looks only at the decisions that a fact concerns: twice as many decisions are twice as much work', () => {
    const looks = vi.spyOn(Dossier.prototype, 'settlementOf')
    onTestFinished(() => looks.mockRestore())
    const work = [500, 1_000, 2_000].map((decisions) => {
      looks.mockClear()
      const settlements = settlementsOf(longHistory(decisions))
      expect(booksOf(settlements)).toEqual(oracle(longHistory(decisions)))
      // Half of them expire; all are recorded, judged, and judged no more; and so is the run.
      expect(settlements).toHaveLength(3.5 * decisions + 1)
      return looks.mock.calls.length / decisions
    })
    // Before and after: two looks for each settlement, and one for each new decision.
    for (const looksEach of work) expect(looksEach).toBeLessThanOrEqual(8)
  })

  test('is the same for each run, however the runs are mixed', () => {
    fc.assert(
      fc.property(history, (log) => {
        const apart = runs.flatMap((run) => log.filter((fact) => fact.run === run)).map((fact, place) => ({ ...fact, sequence: place + 1 }))
        const settled = (settlements: readonly Settlement[]) => runs.map((run) => settlements.filter((one) => one.run === run).map((one) => ({ ...one, sequence: 0, ...('recorded' in one && { recorded: 0 }) })))
        expect(settled(settlementsOf(apart))).toEqual(settled(settlementsOf(log)))
      }),
      { numRuns: 200 },
    )
  })

  test('goes on from any cut as if there had been none', () => {
    fc.assert(
      fc.property(history, fc.nat(40), (log, cut) => {
        const dossiers = new Map(runs.map((run) => [run, new Dossier(run)]))
        for (const fact of log.slice(0, cut)) dossiers.get(fact.run ?? '')?.add(fact)
        const whole = settlementsOf(log)
        const first = settlementsOf(log.slice(0, cut))
        expect([...first, ...settlementsOf(log.slice(cut), dossiers)]).toEqual(whole)
      }),
      { numRuns: 300 },
    )
  })

  test('settles nothing for a fact that is in already', () => {
    fc.assert(
      fc.property(history, (log) => {
        const dossiers = new Map<string, Dossier>()
        settlementsOf(log, dossiers)
        expect(settlementsOf(log, dossiers)).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  test('never touches a fact', () => {
    fc.assert(
      fc.property(history, (log) => {
        const before = structuredClone(log)
        settlementsOf(log)
        expect(log).toEqual(before)
      }),
      { numRuns: 50 },
    )
  })
})
