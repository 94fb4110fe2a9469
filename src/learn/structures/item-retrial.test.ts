import { expect, test } from 'vitest'
import { ItemLife } from './item-life.ts'
import { lifeThresholds } from './knowledge-life.ts'
import { sumsOf } from './use-counts.ts'

test('what its uses put out of use comes back by its uses, also while it is tried by draws that show nothing yet', () => {
  const life = new ItemLife('experimental', 1)
  let place = 1
  const record = (reward: number, draws: boolean): void => {
    place += 1
    life.countUse(place, { current: sumsOf({ reward, weight: 1 }) })
    if (draws) for (const arm of ['offered', 'withheld'] as const) life.countDraw(place, 'explored', arm, { current: reward })
    life.follow(place, lifeThresholds)
  }
  for (let run = 0; run < 20 && life.state !== 'deprecated'; run += 1) record(0, false)
  expect(life.state).toBe('deprecated')
  for (let run = 0; run < 4; run += 1) record(1, true)
  expect([life.state, life.retrial?.difference]).toEqual(['deprecated', 0])
  for (let run = 0; run < 4; run += 1) record(1, true)
  expect(life.state).toBe('validated')
})
