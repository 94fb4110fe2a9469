import { expect, test } from 'vitest'
import type { Experience } from '../learner.ts'
import { dayOf, modelTokens } from './model-tokens.ts'

const day = 24 * 3_600_000
const about = { sequence: 1, namespace: 'default', version: 1, recordedAt: 0, source: 'models', trust: 'agent' } as const
const called = (id: string, occurredAt: number, reserved: number): Experience => ({ ...about, id, occurredAt, kind: 'model.called', data: { model: 'm', purpose: 'reflection', reserved } })
const answered = (call: string, occurredAt: number, input: number, output: number): Experience => ({ ...about, id: `${call}/answer`, occurredAt, kind: 'model.answered', data: { call, input, output, ok: true } })

const viewOf = (...experiences: readonly Experience[]) => modelTokens.view(experiences.reduce((state, experience) => modelTokens.learn(state, experience), modelTokens.initial()))

test('what is reserved counts until the answer, and then what it took, on the day of the call', () => {
  const first = called('a', day - 1, 5_000)
  expect(viewOf(first).on('1970-01-01')).toEqual({ calls: 1, spent: 5_000 })
  const view = viewOf(first, answered('a', day, 700, 50), called('b', day, 100))
  expect(view.days()).toEqual([{ day: '1970-01-01', calls: 1, spent: 750 }, { day: '1970-01-02', calls: 1, spent: 100 }])
})

test('an answer counts once, and none that nobody asked for', () => {
  const view = viewOf(called('a', 0, 5_000), answered('a', 0, 700, 50), answered('a', 0, 700, 50), answered('other', 0, 9, 9))
  expect(view.on('1970-01-01')).toEqual({ calls: 1, spent: 750 })
})

test('days are days of UTC', () => {
  expect([dayOf(0), dayOf(day - 1), dayOf(day)]).toEqual(['1970-01-01', '1970-01-01', '1970-01-02'])
})
