import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planOf } from './plan.ts'
import type { WorkStep } from './task.ts'

const step = (id: string, ...after: string[]): WorkStep => ({ id, after, run: () => id })

/** Steps of which each may need earlier ones, in any order. */
const graphs = fc
  .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 20 })
  .chain((needs) => {
    const steps = needs.map((list, place) => step(`s${place}`, ...(place === 0 ? [] : list.map((number) => `s${number % place}`))))
    return fc.shuffledSubarray(steps, { minLength: steps.length })
  })

describe('the plan of a task', () => {
  test('has every step once, behind all that it needs', () => {
    fc.assert(
      fc.property(graphs, (steps) => {
        const { order } = planOf(steps)
        expect(order.map(({ id }) => id).toSorted()).toEqual(steps.map(({ id }) => id).toSorted())
        const place = new Map(order.map(({ id }, at) => [id, at]))
        for (const { id, after = [] } of order) for (const other of after) expect(place.get(other)).toBeLessThan(place.get(id) ?? 0)
      }),
    )
  })

  test('keeps the order in which steps were given where it may, and says how wide and deep it is', () => {
    const plan = planOf([step('c', 'a'), step('a'), step('b'), step('d', 'c', 'b')])
    expect(plan.order.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd'])
    expect(plan).toMatchObject({ width: 2, depth: 3, calls: 0 })
  })

  test('is told from others by ids, tools and dependencies, not by their order', () => {
    const digest = planOf([step('a'), step('b', 'a')]).digest
    expect(planOf([step('a'), step('b', 'a', 'a')]).digest).toBe(digest)
    expect(planOf([step('a'), step('b')]).digest).not.toBe(digest)
    expect(planOf([step('a'), { ...step('b', 'a'), tool: 'shell' }]).digest).not.toBe(digest)
  })

  test.each([
    [[step('a'), step('a')], 'two steps are called "a"'],
    [[step('a', 'x')], 'the step "a" comes after "x", which is no step'],
    [[step('a', 'b'), step('b', 'a'), step('c')], 'the steps "a", "b" wait for each other'],
    [[step('a', 'a')], 'the steps "a" wait for each other'],
  ])('refuses what cannot be carried out', (steps, message) => {
    expect(() => planOf(steps)).toThrow(message)
  })
})
