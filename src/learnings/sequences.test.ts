import { array, assert as holds, constantFrom, property } from 'fast-check'
import { expect, test } from 'vitest'
import type { JudgedRun } from './found.ts'
import { sequencesIn } from './sequences.ts'

const run = (actions: readonly string[], place: number): JudgedRun => ({ run: `r${place}`, kind: 'x', actions, steps: actions.length, errors: [], seenAt: 0, verdict: { reward: 1, weight: 1 } })

/** The same by the definition, however long it takes. */
const byDefinition = (runs: readonly JudgedRun[], fewest: number): string[] => {
  const counts = new Map<string, Set<string>>()
  for (const { run: id, actions } of runs) {
    for (let start = 0; start < actions.length; start += 1) {
      for (let length = 2; length <= 5 && start + length <= actions.length; length += 1) {
        const key = actions.slice(start, start + length).join('')
        counts.set(key, (counts.get(key) ?? new Set()).add(id))
      }
    }
  }
  const frequent = [...counts].filter(([, ids]) => ids.size >= fewest)
  const isCovered = ([key, ids]: readonly [string, ReadonlySet<string>]): boolean => frequent.some(([other, others]) => other.length === key.length + 1 && other.includes(key) && others.size === ids.size)
  return frequent.filter((one) => !isCovered(one)).map(([key, ids]) => `${key} ${ids.size}`)
}

test('sequences are those of two to five neighbours that recur, without what says less about the same runs', () => {
  holds(
    property(array(array(constantFrom('a', 'b', 'c', 'd'), { maxLength: 9 }), { maxLength: 12 }), constantFrom(1, 2, 3), (all, fewest) => {
      const runs = all.map(run)
      const found = sequencesIn(runs, fewest).map((sequence) => `${sequence.actions.join('')} ${sequence.runs.length}`)
      expect(found.toSorted((left, right) => left.localeCompare(right))).toEqual(byDefinition(runs, fewest).toSorted((left, right) => left.localeCompare(right)))
    }),
  )
})

test('names of actions that are made of others are not mistaken for them', () => {
  const runs = [['a', 'b c'], ['a b', 'c'], ['a', 'b', 'c']].flatMap((actions, kind) => [0, 1, 2].map((place) => run(actions, 3 * kind + place)))
  expect(sequencesIn(runs, 3).map(({ actions }) => actions)).toEqual([['a', 'b c'], ['a b', 'c'], ['a', 'b', 'c']])
})

/** Runs like `n s e!`, where e failed; so many of each. */
const attempted = (given: Readonly<Record<string, number>>) =>
  sequencesIn(
    Object.entries(given).flatMap(([text, times], kind) =>
      Array.from({ length: times }, (_, place): JudgedRun => {
        const steps = text.split(' ')
        return { ...run(steps.map((step) => step.replace('!', '')), 1_000 * kind + place), failed: steps.flatMap((step, at) => (step.endsWith('!') ? at : [])) }
      }),
    ),
    2,
  ).map(({ actions, runs, brokenOff }) => [actions.join(' '), runs.length, brokenOff?.runs ?? 0])

test('what broke off counts for what lies behind, and not for what lies before', () => {
  expect(attempted({ 'n s e w': 3, 'e! q': 2 })).toEqual([['e w', 3, 2], ['n s e w', 3, 0]])
  expect(attempted({ 'n s e w x': 3, 'n e w': 1, 'e! q': 2 })).toEqual([['e w', 4, 2], ['e w x', 3, 1.5], ['n s e w x', 3, 0]])
})

test('what broke off counts once, where it had done it before', () => {
  expect(attempted({ 'n s e n s': 3, 'n s e!': 2 })).toEqual([['n s e n s', 3, 2]])
})
