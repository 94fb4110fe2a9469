import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Found, shortlist } from './shortlist.ts'

const hit = (id: string, relevance: number, standing: Found['standing'] = 'success'): Found => ({ id, relevance, standing })

/** A hundred texts that are much alike, the first by a hair the most relevant. */
const alike = Array.from({ length: 100 }, (_, place) => hit(`run-${place}`, 0.5 - place / 1e6))

const unknown = (): number => 0.5

const ids = (hits: readonly Found[]): string[] => hits.map(({ id }) => id)

describe('the shortlist', () => {
  test('is everything while that is not much', () => {
    expect(shortlist(alike.slice(0, 24), unknown, { limit: 1, warnings: 0 })).toEqual({ nearest: alike.slice(0, 24), proven: [] })
    expect(shortlist([], unknown, { limit: 8, warnings: 2 })).toEqual({ nearest: [], proven: [] })
  })

  test('gives a proven item its chance among many that are as relevant', () => {
    const { nearest, proven } = shortlist(alike, (id) => (id === 'run-99' ? 0.9 : 0.5), { limit: 8, warnings: 2 })
    expect(nearest).toEqual(alike.slice(0, 30))
    expect(ids(proven)).toEqual(['run-99'])
  })

  test('gives none to what is less relevant by more than a fiftieth, however useful it was', () => {
    const found = [...alike, hit('near', 0.495), hit('far', 0.485)]
    expect(ids(shortlist(found, (id) => (id.startsWith('run') ? 0.5 : 0.9), { limit: 8, warnings: 2 }).proven)).toEqual(['near'])
  })

  test('leaves failures their chance, however many successes there are', () => {
    const found = [...alike, hit('failed', 0.49, 'failure')]
    expect(ids(shortlist(found, unknown, { limit: 8, warnings: 2 }).proven)).toEqual(['failed'])
    expect(shortlist(found, unknown, { limit: 8, warnings: 0 }).proven).toEqual([])
  })

  test('holds as much knowledge as there are places for it, however many runs are nearer', () => {
    const found = [...alike, hit('rule', 0.3, 'knowledge'), hit('other rule', 0.2, 'knowledge')]
    expect(ids(shortlist(found, unknown, { limit: 8, warnings: 2, places: 2 }).proven)).toEqual(['rule', 'other rule'])
    expect(ids(shortlist(found, unknown, { limit: 8, warnings: 2 }).proven)).toEqual([])
  })

  test('holds the most relevant, and whatever could be among the best of what is nearly as relevant', () => {
    const standing = fc.constantFrom<Found['standing'][]>('success', 'failure', 'knowledge', 'unverified')
    const value = fc.double({ min: 0.01, max: 0.99, noNaN: true })
    fc.assert(
      fc.property(fc.array(fc.record({ relevance: value, useful: value, standing }), { maxLength: 120 }), fc.nat(12), fc.nat(4), (entries, limit, warnings) => {
        const hits = entries.toSorted((left, right) => right.relevance - left.relevance).map((entry, place) => ({ ...entry, id: `${place}` }))
        const { nearest, proven } = shortlist(hits, (id) => hits[Number(id)]?.useful ?? 0.5, { limit, warnings })
        expect(nearest).toEqual(hits.slice(0, Math.max(24, 3 * (limit + warnings))))
        const all = [...nearest, ...proven]
        expect(new Set(all).size).toBe(all.length)
        const eligible = hits.filter(({ relevance }) => relevance >= 0.98 * (nearest.at(-1)?.relevance ?? 0))
        for (const [failures, most] of [[false, limit], [true, warnings]] as const) {
          const worths = (of: typeof hits): number[] =>
            of.filter((one) => (one.standing === 'failure') === failures).map((one) => one.relevance * one.useful).toSorted((left, right) => right - left)
          for (const worth of worths(eligible).slice(0, most)) expect(worths(all)).toContain(worth)
        }
      }),
    )
  })
})
