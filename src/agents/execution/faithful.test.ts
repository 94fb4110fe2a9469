import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isFaithful } from './faithful.ts'
import { writable } from './journal.ts'

class Money {
  readonly cents = 5
}

const keeps = (value: unknown): boolean => isFaithful(value, writable(value))

test('plain data survives JSON, whatever it is', () => {
  fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => keeps(value)))
  for (const value of [undefined, null, { a: undefined, b: [1] }, Object.create(null), [], '', -1.5]) expect(keeps(value)).toBe(true)
})

test.each<[string, unknown]>([
  ['bytes', new Uint8Array([1])],
  ['NaN', Number.NaN],
  ['a big integer', 5n],
  ['a map', new Map([['a', 1]])],
  ['a date', new Date(0)],
  ['an error', new Error('no')],
  ['a class', new Money()],
  ['a function', () => 1],
  ['a field of a function', { of: () => 1 }],
  ['an undefined entry', [undefined]],
  ['half a character', '\ud800'],
  ['a toJSON of its own', { toJSON: () => ({ a: 1 }) }],
  ['a list with a field', Object.assign([1], { total: 1 })],
])('%s does not', (_, value) => {
  expect(keeps(value)).toBe(false)
  expect(keeps({ deep: [value] })).toBe(false)
})

test('nor does what refers to itself', () => {
  const round: { self?: unknown } = {}
  round.self = round
  expect(keeps(round)).toBe(false)
})
