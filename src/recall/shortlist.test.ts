import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Found, shortlist } from './shortlist.ts'

const hit = (id: string, relevance: number, standing: Found['standing'] = 'success'): Found => ({ id, relevance, standing })

/** A hundred texts that are much alike, the first by a hair the most relevant. */
const alike = Array.from({ length: 100 }, (_, place) => hit(`run-${place}`, 0.5 - place / 1e6))

const unknown = (): number => 0.5

describe('the shortlist', () => {
  test('is everything while that is not much', () => {
    expect(shortlist(alike.slice(0, 24), unknown, { limit: 1, warnings: 0 })).toEqual(alike.slice(0, 24))
    expect(shortlist([], unknown, { limit: 8, warnings: 2 })).toEqual([])
  })

  test('gives a proven item its chance among many that are as relevant', () => {
    expect(shortlist(alike, (id) => (id === 'run-99' ? 0.9 : 0.5), { limit: 8, warnings: 2 }).map(({ id }) => id)).toContain('run-99')
  })

  test('leaves failures their chance, however many successes there are', () => {
    const found = [...alike, hit('failed', 0.4, 'failure')]
    expect(shortlist(found, unknown, { limit: 8, warnings: 2 }).at(-1)?.id).toBe('failed')
    expect(shortlist(found, unknown, { limit: 8, warnings: 0 }).map(({ id }) => id)).not.toContain('failed')
  })

  test('holds the most relevant and whatever could be among the best, in the order of relevance', () => {
    const standing = fc.constantFrom<Found['standing'][]>('success', 'failure', 'knowledge', 'unverified')
    const found = fc.array(fc.record({ relevance: fc.double({ min: 0, max: 1, noNaN: true }), useful: fc.double({ min: 0.01, max: 0.99, noNaN: true }), standing }), { maxLength: 120 })
    fc.assert(
      fc.property(found, fc.nat(12), fc.nat(4), (entries, limit, warnings) => {
        const hits = entries.toSorted((left, right) => right.relevance - left.relevance).map((entry, place) => ({ ...entry, id: `${place}` }))
        const usefulness = (id: string): number => hits[Number(id)]?.useful ?? 0.5
        const chosen = shortlist(hits, usefulness, { limit, warnings })
        expect(chosen.map(({ id }) => Number(id))).toEqual(chosen.map(({ id }) => Number(id)).toSorted((left, right) => left - right))
        expect(chosen.slice(0, 24)).toEqual(hits.slice(0, 24))
        for (const [isOf, most] of [[(standing: string) => standing !== 'failure', limit], [(standing: string) => standing === 'failure', warnings]] as const) {
          const worth = hits.filter((one) => isOf(one.standing)).map((one) => one.relevance * one.useful).toSorted((left, right) => right - left)
          const kept = chosen.filter((one) => isOf(one.standing)).map((one) => one.relevance * one.useful).toSorted((left, right) => right - left)
          expect(kept.slice(0, most)).toEqual(worth.slice(0, most))
        }
      }),
    )
  })
})
