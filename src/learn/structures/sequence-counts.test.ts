import { array, assert, boolean, constantFrom, integer, property, record } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../decide/random.ts'
import type { Verdict } from '../learner.ts'
import { attemptsOf } from './attempts.ts'
import { type CountedSequence, longestSequence, SequenceCounts } from './sequence-counts.ts'

const good: Verdict = { reward: 1, weight: 1 }
const bad: Verdict = { reward: 0, weight: 1 }

const idOf = (actions: readonly string[]): string => actions.join(' ')

interface Run {
  readonly category: string | undefined
  readonly actions: readonly string[]
  readonly good: boolean
}

/** Every sequence with the runs that have it, found by looking everywhere. */
const naive = (runs: readonly Run[]): Map<string, { runs: number; good: number }> => {
  const found = new Map<string, { runs: number; good: number }>()
  for (const { category, actions, good } of runs) {
    const own = new Set<string>()
    for (let start = 0; start < actions.length; start += 1) {
      for (let length = 2; length <= longestSequence && start + length <= actions.length; length += 1) own.add(JSON.stringify([category, actions.slice(start, start + length)]))
    }
    for (const key of own) {
      const known = found.get(key) ?? { runs: 0, good: 0 }
      found.set(key, { runs: known.runs + 1, good: known.good + Number(good) })
    }
  }
  return found
}

const counted = (sequences: readonly CountedSequence[]): Map<string, { runs: number; good: number }> =>
  new Map(
    sequences.flatMap(({ actions, parts }) =>
      parts.map(({ category, with: { runs, good } }): [string, { runs: number; good: number }] => [JSON.stringify([category, actions]), { runs, good }]),
    ),
  )

const inOrder = (sequence: CountedSequence | undefined) => ({
  ...sequence,
  parts: sequence?.parts.toSorted((left, right) => String(left.category).localeCompare(String(right.category))),
})

const runs = array(
  record({ category: constantFrom(undefined, 'a', 'b'), actions: array(constantFrom('x', 'y', 'z'), { maxLength: 8 }).map((actions) => attemptsOf(actions).actions), good: boolean() }),
  { maxLength: 20 },
)

/** What a run tried, as a text like `x y z!`, where z failed. */
const tried = (text: string) => {
  const steps = text.split(' ')
  return attemptsOf(steps.map((step) => step.replace('!', '')), steps.flatMap((step, place) => (step.endsWith('!') ? place : [])))
}

const after = (runs: readonly (readonly [text: string, times: number, verdict: Verdict])[]): SequenceCounts => {
  const counts = new SequenceCounts()
  for (const [text, times, verdict] of runs) for (let run = 0; run < times; run += 1) counts.settle(undefined, tried(text), undefined, verdict)
  return new SequenceCounts(counts.save())
}

const withOf = (counts: SequenceCounts, ...actions: string[]) => counts.find(actions)?.parts[0]?.with

describe('a run that broke off', () => {
  test('counts for what it was under way to, by the share of those that got further and went on so', () => {
    const counts = after([['n s e w', 15, good], ['n s e x', 5, good], ['n s e!', 8, bad], ['n s e! notify', 4, bad], ['n!', 8, bad]])
    expect(withOf(counts, 'n', 's', 'e')).toEqual({ runs: 40, good: 20, weight: 40, reward: 20 })
    expect(withOf(counts, 'n', 's', 'e', 'w')).toEqual({ runs: 30, good: 15, weight: 30, reward: 15 })
    expect(withOf(counts, 'e', 'x')).toEqual({ runs: 10, good: 5, weight: 10, reward: 5 })
    // What comes after a failure answers it.
    expect(counts.find(['e', 'notify'])).toBeUndefined()
  })

  test('did not break off where it got past that step after all', () => {
    const counts = after([['n e w', 3, good], ['e! e w', 3, good], ['e! login e w', 3, good], ['e! n e', 1, bad]])
    expect(withOf(counts, 'e', 'w')).toEqual({ runs: 9, good: 9, weight: 9, reward: 9 })
  })

  test('counts for what lies far behind, through all that lies between, and not for another way', () => {
    const far = after([['n s e w x y z', 20, good], ['n!', 10, bad], ['n s!', 10, bad], ['n s e w x! y', 5, bad]])
    expect(withOf(far, 'y', 'z')).toEqual({ runs: 45, good: 20, weight: 45, reward: 20 })
    const around = after([['n s w', 20, good], ['n e w', 10, good], ['n e! notify', 10, bad]])
    expect(withOf(around, 's', 'w')).toEqual({ runs: 20, good: 20, weight: 20, reward: 20 })
    expect(withOf(around, 'e', 'w')).toEqual({ runs: 20, good: 10, weight: 20, reward: 10 })
  })

  test('counts once for what it did before, or did as an answer', () => {
    const counts = after([['n s e s n', 20, good], ['n s e!', 10, bad], ['n! s e', 5, good]])
    expect(withOf(counts, 'n', 's')).toEqual({ runs: 35, good: 25, weight: 35, reward: 25 })
    expect(withOf(counts, 's', 'e')?.runs).toBe(35)
  })

  test('counts once at most, also where less is known of how something begins than of how it goes on', () => {
    const counts = after([['z n e w', 10, good], ['z!', 10, bad], ['k', 8, good]])
    // They were counted before what they did was dropped, and came back.
    for (let run = 0; run < 8; run += 1) counts.settle(undefined, tried('n q'), good, undefined)
    expect(withOf(counts, 'n', 'e', 'w')).toEqual({ runs: 20, good: 10, weight: 20, reward: 10 })
  })

  test('is told of long ways of many steps while somebody waits', () => {
    const counts = new SequenceCounts()
    for (let run = 0; run < 4_000; run += 1) {
      const actions = Array.from({ length: 20 }, (_, place) => `step ${(37 * run + place) % 1_500}`)
      counts.settle(undefined, { actions, failed: run % 4 === 0 ? [19] : [] }, undefined, run % 4 === 0 ? bad : good)
    }
    for (let round = 0; round < 8; round += 1) {
      expect(counts.sequences(1)).toHaveLength(round === 0 ? 6_000 : 6_001)
      counts.settle(undefined, tried('begin end'), undefined, good)
    }
  }, 60_000)

  test('is taken out again with its verdict', () => {
    const counts = after([['n e w', 4, good], ['n e!', 2, bad]])
    counts.settle(undefined, tried('n e!'), bad, undefined)
    counts.settle(undefined, tried('n e!'), bad, good)
    expect(withOf(counts, 'n', 'e', 'w')).toEqual({ runs: 5, good: 5, weight: 5, reward: 5 })
  })
})

describe('counts of sequences', () => {
  test('are those of looking everywhere, also after verdicts have changed and were withdrawn', () => {
    assert(
      property(runs, array(integer({ min: 0, max: 2 }), { minLength: 20, maxLength: 20 }), (given, changes) => {
        const counts = new SequenceCounts()
        for (const run of given) counts.settle(run.category, attemptsOf(run.actions), undefined, run.good ? good : bad)
        const left = given.flatMap((run, place): Run[] => {
          const before = run.good ? good : bad
          const change = changes[place] ?? 0
          if (change === 0) return [run]
          if (change === 2) counts.settle(run.category, attemptsOf(run.actions), before, undefined)
          else counts.settle(run.category, attemptsOf(run.actions), before, run.good ? bad : good)
          return change === 2 ? [] : [{ ...run, good: !run.good }]
        })
        expect(counted(counts.sequences(0))).toEqual(naive(left))
        for (const sequence of counts.sequences(0)) {
          expect(inOrder(counts.find(sequence.actions))).toEqual(inOrder(sequence))
          expect(counts.withId(idOf(sequence.actions), idOf)).toEqual(counts.find(sequence.actions))
        }
      }),
    )
  })

  test('of a category stand beside all its runs that did something', () => {
    const counts = new SequenceCounts()
    counts.settle('a', attemptsOf(['x', 'y']), undefined, good)
    counts.settle('a', attemptsOf(['x']), undefined, bad)
    counts.settle('a', attemptsOf([]), undefined, bad)
    counts.settle('b', attemptsOf(['x', 'y']), undefined, bad)
    expect(counts.sequences(1)).toEqual([
      {
        actions: ['x', 'y'],
        parts: [
          { category: 'a', with: { runs: 1, good: 1, weight: 1, reward: 1 }, did: { runs: 1, good: 1, weight: 1, reward: 1 }, all: { runs: 2, good: 1, weight: 2, reward: 1 } },
          { category: 'b', with: { runs: 1, good: 0, weight: 1, reward: 0 }, did: { runs: 1, good: 0, weight: 1, reward: 0 }, all: { runs: 1, good: 0, weight: 1, reward: 0 } },
        ],
        missed: 0,
      },
    ])
    expect(counts.sequences(3)).toEqual([])
  })

  test('stay bounded in a flood of rare ones, keep what is frequent, and say how much they may have missed', () => {
    const counts = new SequenceCounts()
    const random = seededRandom(1)
    const flood = 3_000
    let snapshot = counts
    for (let run = 0; run < flood; run += 1) {
      const noise = Array.from({ length: 8 }, () => `tool ${Math.floor(random() * 500)}`)
      const actions = run % 10 === 0 ? ['lookup', 'verify', 'refund', ...noise] : noise
      counts.settle(undefined, attemptsOf(actions), undefined, run % 20 === 0 ? bad : good)
      if (run === 2_000) snapshot = new SequenceCounts(JSON.parse(JSON.stringify(counts.save())))
      else if (run > 2_000) snapshot.settle(undefined, attemptsOf(actions), undefined, run % 20 === 0 ? bad : good)
      // What was dropped is not found by its id any more, and what is kept has moved.
      if (run % 500 === 0) expect(counts.withId(idOf(['lookup', 'verify', 'refund']), idOf)).toEqual(counts.find(['lookup', 'verify', 'refund']))
    }
    for (const { actions } of counts.sequences(1)) expect(counts.withId(idOf(actions), idOf)?.actions).toEqual(actions)
    expect(counts.withId(idOf(['tool 0', 'nothing']), idOf)).toBeUndefined()
    const found = counts.find(['lookup', 'verify', 'refund'])
    expect(found?.parts[0]?.with.runs).toBe(flood / 10)
    expect(counts.sequences(1).length).toBeLessThanOrEqual(8_192)
    for (const { parts, missed } of counts.sequences(1)) expect(parts[0]?.with.runs ?? 0).toBeLessThanOrEqual(flood / 10 + missed)
    expect(snapshot.save()).toEqual(counts.save())
  })

  test('survive more names of actions and categories than there is room for', () => {
    const counts = new SequenceCounts()
    for (let run = 0; run < 400; run += 1) {
      counts.settle(undefined, attemptsOf(['lookup', 'refund', ...Array.from({ length: 100 }, (_, place) => `tool ${run} ${place}`)]), undefined, good)
      counts.settle(`category ${run}`, attemptsOf(['greet', 'leave']), undefined, good)
    }
    expect(counts.sequences(350).map(({ actions }) => actions)).toEqual([['lookup', 'refund']])
    expect(counts.save().categories.length).toBeLessThanOrEqual(257)
    expect(counts.save().actions.length).toBeLessThanOrEqual(4_096)
  })

  test('never fall below nothing, whatever is taken out that was never counted', () => {
    const counts = new SequenceCounts()
    counts.settle(undefined, attemptsOf(['x', 'y']), undefined, good)
    counts.settle(undefined, attemptsOf(['x', 'y']), good, undefined)
    counts.settle(undefined, attemptsOf(['x', 'y']), good, undefined)
    expect(counts.find(['x', 'y'])).toBeUndefined()
    counts.settle(undefined, attemptsOf(['x', 'y']), undefined, good)
    expect(counts.find(['x', 'y'])?.parts[0]?.with).toEqual({ runs: 1, good: 1, weight: 1, reward: 1 })
  })
})
