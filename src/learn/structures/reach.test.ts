import { array, assert, integer, nat, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { Reach, type Step } from './reach.ts'

test('what is come to over several ways has the chances of all of them', () => {
  const reach = new Reach([{ from: 0, to: 1, chance: 0.5 }, { from: 0, to: 2, chance: 0.25 }, { from: 1, to: 3, chance: 1 }, { from: 2, to: 3, chance: 0.5 }])
  expect(Object.fromEntries(reach.to(3))).toEqual({ 0: 0.625, 1: 1, 2: 0.5 })
  expect(reach.to(7).get(0)).toBeUndefined()
})

test('a loop is left at some time', () => {
  expect(new Reach([{ from: 0, to: 0, chance: 0.5 }, { from: 0, to: 1, chance: 0.25 }]).to(1).get(0)).toBeCloseTo(0.5, 3)
})

/** Every place in every round. */
const plainly = (steps: readonly Step[], target: number, places: number): number[] => {
  let reach = Array.from({ length: places }, () => 0)
  for (let round = 0; round < 64; round += 1) {
    const next = reach.map((_, place) => steps.reduce((sum, { from, to, chance }) => (from === place ? Math.min(1, sum + chance * (to === target ? 1 : (reach[to] ?? 0))) : sum), 0))
    const change = Math.max(...next.map((value, place) => Math.abs(value - (reach[place] ?? 0))))
    reach = next
    if (change < 1e-4) break
  }
  return reach
}

test('is the same as by looking at every place in every round', () => {
  const place = nat({ max: 5 })
  const step = record({ from: place, to: place, chance: integer({ min: 0, max: 8 }).map((eighths) => eighths / 8) })
  assert(
    property(array(step, { maxLength: 12 }), place, (steps, target) => {
      const reach = new Reach(steps).to(target)
      expect(Array.from({ length: 6 }, (_, from) => reach.get(from) ?? 0)).toEqual(plainly(steps, target, 6))
    }),
  )
})
