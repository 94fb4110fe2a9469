import { describe, expect, test } from 'vitest'
import { generalised, stepsAlong } from './slots.ts'

const step = (action: string, input?: string | number | { [name: string]: string | number | null } | (string | number)[], ok?: boolean) => ({ action, input, ok })

const inputOf = (...inputs: Parameters<typeof step>[1][]) => generalised(['go'], inputs.map((input) => [step('go', input)])).steps[0]?.input

describe('what runs of a workflow have in common', () => {
  test('stays, and what differs becomes a slot', () => {
    const { steps, slots } = generalised(['lookup', 'refund'], [
      [step('lookup', { order: 7, fields: 'all' }), step('refund', { order: 7, reason: 'late' })],
      [step('lookup', { order: 8, fields: 'all' }), step('refund', { order: 8, reason: 'broken' })],
    ])
    expect(steps).toEqual([
      { action: 'lookup', input: { order: '{{order}}', fields: 'all' } },
      { action: 'refund', input: { order: '{{order}}', reason: '{{reason}}' } },
    ])
    expect(slots).toEqual([{ name: 'order', steps: [0, 1] }, { name: 'reason', steps: [1] }])
  })

  test('is the same slot only where it has the same value in every run', () => {
    const { steps } = generalised(['move'], [[step('move', { from: 'a', to: 'a' })], [step('move', { from: 'a', to: 'b' })], [step('move', { from: 'b', to: 'b' })]])
    expect(steps[0]?.input).toEqual({ from: '{{from}}', to: '{{to}}' })
  })

  test('is found in the text of an object, in the words of a command, and in fields that all have', () => {
    expect(inputOf('{"user": "ada", "depth": 1}', '{"user": "bob", "depth": 1}')).toEqual({ user: '{{user}}', depth: 1 })
    expect(inputOf('git commit -m a', 'git commit -m b')).toBe('git commit -m {{go}}')
    expect(inputOf('mv a b now', 'mv c d now')).toBe('mv {{go}} {{go_2}} now')
    expect(inputOf('one two three', 'quite another text')).toBe('{{go}}')
    expect(inputOf('{"broken": ', '{"broken": 1')).toBe('{{go}}')
    expect(inputOf({ a: 1, b: 2 }, { a: 1, c: 3 })).toEqual({ a: 1 })
    expect(inputOf(['x', 1], ['y', 1])).toBe('{{go}}')
    expect(inputOf({ a: null }, { a: 1 })).toEqual({ a: '{{a}}' })
    expect(inputOf('x'.repeat(500), 'x'.repeat(500))).toHaveLength(201)
  })

  test('is not told by one run, nor where a run has no input', () => {
    expect(generalised(['go'], [[step('go', 'a')]])).toEqual({ steps: [{ action: 'go' }], slots: [] })
    expect(generalised(['go'], [[step('go', 'a')], [step('go')]]).steps).toEqual([{ action: 'go' }])
    expect(generalised(['go'], []).steps).toEqual([{ action: 'go' }])
  })
})

describe('the steps of a run along a workflow', () => {
  test('leave out those that failed and repetitions in a row', () => {
    const steps = [step('lookup', 1, false), step('lookup', 2), step('lookup', 3), step('ask', 4, false), step('refund', 5)]
    expect(stepsAlong(steps, ['lookup', 'refund'])?.map(({ input }) => input)).toEqual([2, 5])
    expect(stepsAlong(steps, ['refund', 'lookup'])).toBeUndefined()
  })
})
