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
