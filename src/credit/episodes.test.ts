import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Episode, EpisodeSettled } from '../learn/learner.ts'
import type { Fact, FactKind } from '../log/fact.ts'
import { settle } from './credit.ts'
import { Dossier } from './dossier.ts'
import { defaultRules } from './rules.ts'

const features = { hashes: '', values: '' }

const said = (id: string, kind: FactKind, data: object): Fact =>
  // The data below are what the schemas of these kinds describe.
  ({
    id, kind, run: 'r', sequence: 0, namespace: 'default', version: 1, occurredAt: 0, recordedAt: 0, source: 'test', trust: 'agent', data,
  }) as unknown as Fact

const decision = (id: string, more: object = {}): Fact =>
  said(id, 'decision.made', { point: 'move', optionSet: 'moves', option: 'left', propensity: 0.5, features, similarities: {}, expiresAt: 1000, ...more })

const record = (steps: readonly object[], more: object = {}): Fact => said('record', 'run.recorded', { task: 'x', features, steps, ...more })

const ids = ['left', 'right', 'wait']

const settlementsOf = (...facts: Fact[]): EpisodeSettled[] => {
  const dossier = new Dossier('r', defaultRules, (key) => (key === 'moves' ? ids : undefined))
  return facts.flatMap((fact, place) => settle(dossier, { ...fact, sequence: place + 1 }, true)).filter((settled) => settled.kind === 'episode.settled')
}

const outline = (episode: Episode | undefined) =>
  episode?.transitions.map(({ decision, option, state, reward, nextState, terminated, truncated }) => [decision, option, state, reward, nextState, terminated, truncated])

describe('an episode', () => {
  test('holds the decisions of a run at one choice point, in their order, with what came of each', () => {
    const [settled, ...more] = settlementsOf(
      decision('d1', { state: 's1', context: { load: 0.5, kind: 'x', urgent: true } }),
      decision('other', { point: 'tool' }),
      decision('d2', { state: 's2', option: 'right' }),
      record([
        { action: 'left', decision: 'd1', reward: -1 },
        { action: 'right', decision: 'd2', reward: 20, terminated: true },
      ]),
    )
    expect(more).toEqual([])
    expect(settled).toMatchObject({ run: 'r', point: 'move', sequence: 4 })
    expect(settled?.previous).toBeUndefined()
    expect(settled?.current?.verdict).toBeUndefined()
    // Rewards of steps are as they were recorded.
    expect(outline(settled?.current)).toEqual([
      ['d1', 'left', 's1', -1, 's2', false, false],
      ['d2', 'right', 's2', 20, undefined, true, false],
    ])
    expect(settled?.current?.transitions[0]).toMatchObject({ options: ids, followed: true, propensity: 0.5, context: { load: 0.5, urgent: 1 }, weight: 1 })
  })

  test('takes the state of a step before that of its decision, and where the last one led from a step that follows', () => {
    const [settled] = settlementsOf(
      decision('d1', { state: 'told' }),
      record([{ action: 'left', decision: 'd1', state: 'seen', reward: 0, truncated: true }, { action: 'look' }, { action: 'stop', state: 'there' }]),
    )
    expect(outline(settled?.current)).toEqual([['d1', 'left', 'seen', 0, 'there', false, true]])
  })

  test('has the verdict on the run beside the rewards of its steps', () => {
    const [settled] = settlementsOf(decision('d1'), decision('d2'), record([{ action: 'x', decision: 'd1', reward: 0.5 }], { outcome: { success: true, judge: 'check' } }))
    expect(settled?.current?.verdict).toEqual({ reward: 1, weight: 1 })
    expect(settled?.current?.transitions.map(({ reward }) => reward)).toEqual([0.5, undefined])
  })

  test('credits what was really done', () => {
    const [settled] = settlementsOf(decision('d1'), record([{ action: 'x', decision: 'd1', reward: 1 }], { taken: { move: 'right' } }))
    expect(settled?.current?.transitions[0]).toMatchObject({ option: 'right', followed: false })
  })

  test('is revised as a whole by late feedback, on the run or on one decision, and withdrawn with it', () => {
    const feedback = (id: string, data: object): Fact => said(id, 'feedback.received', { author: 'ada', ...data })
    const settled = settlementsOf(
      decision('d1'),
      decision('d2'),
      record([]),
      feedback('f1', { rating: 1 }),
      feedback('f2', { rating: 0, decision: 'd1' }),
      said('t1', 'feedback.retracted', { feedback: 'f1' }),
      said('t2', 'feedback.retracted', { feedback: 'f2' }),
    )
    expect(settled.map(({ sequence }) => sequence)).toEqual([4, 5, 6, 7])
    expect(settled.map(({ current }) => [current?.verdict?.reward, current?.transitions[0]?.reward])).toEqual([
      [1, undefined],
      [1, 0],
      [undefined, 0],
      [undefined, undefined],
    ])
    expect(settled.at(-1)?.current).toBeUndefined()
  })

  test('has the default reward of each decision whose deadline passed, until somebody judges', () => {
    const [expired, judged] = settlementsOf(
      decision('d1', { defaultReward: 0.3 }),
      said('e', 'run.expired', { deadline: 1000 }),
      said('f', 'feedback.received', { author: 'ada', rating: 1 }),
    )
    expect(expired?.current?.transitions[0]?.reward).toBe(0.3)
    expect(judged?.current).toMatchObject({ verdict: { reward: 1, weight: 1 }, transitions: [{ decision: 'd1' }] })
    expect(judged?.current?.transitions[0]?.reward).toBeUndefined()
  })

  test('is settled by what is said of a run, not by the decisions themselves', () => {
    const settled = settlementsOf(said('f', 'feedback.received', { author: 'ada', rating: 1 }), decision('d1'), decision('d2'), record([]))
    expect(settled.map(({ sequence, current }) => [sequence, current?.transitions.length])).toEqual([[4, 2]])
  })

  test('is made for nobody who does not ask', () => {
    const dossier = new Dossier('r')
    const kinds = [decision('d1'), record([{ action: 'x', decision: 'd1', reward: 1 }])].flatMap((fact, place) => settle(dossier, { ...fact, sequence: place + 1 }).map(({ kind }) => kind))
    expect(kinds).toEqual(['decision.settled'])
  })
})

describe('episodes fact by fact', () => {
  const unit = fc.constantFrom(0, 0.25, 1)
  const steps = fc.array(
    fc.record({ action: fc.constant('x'), decision: fc.constantFrom('d1', 'd2', 'd3'), state: fc.constantFrom('s', 't'), reward: fc.constantFrom(-2, 0, 3), terminated: fc.boolean() }, { requiredKeys: ['action'] }),
    { maxLength: 4 },
  )
  const spoken = (id: string): fc.Arbitrary<Fact> =>
    fc.record({ author: fc.constantFrom('ada', 'grace'), rating: unit, decision: fc.constantFrom('d1', 'd2') }, { requiredKeys: ['author'] }).map((data) => said(id, 'feedback.received', data))
  const facts = fc
    .tuple(
      ...['d1', 'd2', 'd3'].map((id) => fc.record({ point: fc.constantFrom('move', 'tool'), state: fc.constantFrom('s', 't'), defaultReward: unit }).map((more) => decision(id, more))),
      steps.chain((list) => fc.record({ outcome: fc.record({ success: fc.boolean(), judge: fc.constant('check') }) }, { requiredKeys: [] }).map((more) => record(list, more))),
      spoken('f1'),
      spoken('f2'),
      fc.constant(said('t', 'feedback.retracted', { feedback: 'f1' })),
      fc.constant(said('e', 'run.expired', { deadline: 1000 })),
    )
    .chain((all) => fc.shuffledSubarray(all))

  test('each revises what stood, and a cut changes nothing', () => {
    fc.assert(
      fc.property(facts, fc.nat(8), (log, cut) => {
        const standing = new Map<string, Episode | undefined>()
        const whole = settlementsOf(...log)
        for (const { point, previous, current } of whole) {
          expect(previous).toEqual(standing.get(point))
          expect(current).not.toEqual(previous)
          standing.set(point, current)
        }
        const dossier = new Dossier('r', defaultRules, (key) => (key === 'moves' ? ids : undefined))
        const numbered = log.map((fact, place) => ({ ...fact, sequence: place + 1 }))
        for (const fact of numbered.slice(0, cut)) dossier.add(fact)
        dossier.thin()
        const rest = numbered.slice(cut).flatMap((fact) => settle(dossier, fact, true)).filter(({ kind }) => kind === 'episode.settled')
        expect(rest).toEqual(whole.filter(({ sequence }) => sequence > cut))
      }),
      { numRuns: 500 },
    )
  })
})
