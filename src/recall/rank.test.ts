import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rank, usefulness, type Candidate } from './rank.ts'

const candidate = (id: string, more: Partial<Candidate> = {}): Candidate => ({
  id, kind: 'episode', standing: 'success', relevance: 0.5, matched: ['refund'], terms: new Set([id, `${id}2`]), digest: id, occurredAt: 0, ...more,
})

const ids = (candidates: readonly Candidate[], settings = {}): string[] => rank(candidates, settings).map(({ id }) => id)

/** Ids up to their number. */
const origins = (candidates: readonly Candidate[]): string[] => ids(candidates).map((id) => id.replace(/-.*/, ''))

const terms = (text: string): Set<string> => new Set(text.split(' '))

const reason = (more: Partial<Candidate>): string | undefined => rank([candidate('a', more)])[0]?.reason

describe('usefulness', () => {
  it('is the mean of the Beta posterior', () => {
    expect(usefulness(0, 0)).toBe(0.5)
    expect(usefulness(3, 1)).toBeCloseTo(4 / 6, 12)
    expect(usefulness(0, 8)).toBeCloseTo(0.1, 12)
  })
})

describe('rank', () => {
  it('returns nothing when nothing is relevant, however useful it was', () => {
    expect(ids([candidate('a', { relevance: 0.19, up: 1000 }), candidate('b', { relevance: 0 })])).toEqual([])
    expect(ids([candidate('a', { relevance: 0.19 })], { floor: 0 })).toEqual(['a'])
    expect(ids([candidate('a', { relevance: 0 })], { floor: 0 })).toEqual([])
  })

  it('multiplies relevance with usefulness', () => {
    const [best, second] = rank([candidate('a', { relevance: 0.6 }), candidate('b', { relevance: 0.5, up: 2 })], { diversity: 0 })
    expect(best).toMatchObject({ id: 'b', usefulness: 0.75, score: 0.375 })
    expect(second).toMatchObject({ id: 'a', usefulness: 0.5, score: 0.3 })
  })

  it('ranks by how far a source is believed, and says so where it is doubted', () => {
    const [best, second] = rank([candidate('a', { relevance: 0.6, reputation: 0.5 }), candidate('b', { relevance: 0.5 })], { diversity: 0 })
    expect(best).toMatchObject({ id: 'b', reputation: 1, score: 0.25 })
    expect(second).toMatchObject({ id: 'a', reputation: 0.5, score: 0.15 })
    expect([best?.reason, second?.reason].map((text) => text?.includes('its source'))).toEqual([false, true])
  })

  it('gives one origin three quarters of the places, while another one has something half as good', () => {
    const flood = Array.from({ length: 20 }, (_, place) => candidate(`flood-${place}`, { relevance: 0.9, origin: 'intruder' }))
    const near = ['a', 'b', 'c'].map((id) => candidate(id, { relevance: 0.6, origin: 'ada' }))
    expect(origins([...flood, ...near])).toEqual(['flood', 'flood', 'flood', 'flood', 'flood', 'flood', 'a', 'b'])
    // What is not half as good takes nobody's place, and who is alone, or says not who it is, has them all.
    expect(origins([...flood, candidate('far', { relevance: 0.4, origin: 'ada' })])).toEqual(Array.from({ length: 8 }, () => 'flood'))
    expect(origins(flood)).toHaveLength(8)
    expect(origins([...Array.from({ length: 20 }, (_, place) => candidate(`flood-${place}`, { relevance: 0.9 })), ...near])).not.toContain('a')
  })

  it('forgets nothing by age unless asked, and then gently', () => {
    const old = candidate('old', { occurredAt: 0, up: 1 })
    expect(rank([old], { now: 1e15 })[0]?.recency).toBe(1)
    expect(rank([old], { now: 1000, halfLife: 1000 })[0]?.recency).toBe(0.75)
    expect(rank([old], { now: 1e15, halfLife: 1 })[0]?.recency).toBe(0.5)
    expect(rank([candidate('future', { occurredAt: 10 })], { now: 0, halfLife: 1 })[0]?.recency).toBe(1)
  })

  it('shows what says the same once, and the same task with another answer twice', () => {
    const same = { terms: new Set(['refund', 'card']), digest: 'd' }
    expect(ids([candidate('a', { ...same, relevance: 0.4 }), candidate('b', same)])).toEqual(['b'])
    expect(ids([candidate('a', { ...same, answer: 'x' }), candidate('b', { ...same, answer: 'y' })])).toEqual(['a', 'b'])
    expect(ids([candidate('a', { ...same, answer: 'x' }), candidate('b', { ...same, answer: 'x', standing: 'failure' })])).toEqual(['a', 'b'])
  })

  it('prefers what is new among equals', () => {
    const ranked = rank([
      candidate('a', { relevance: 0.6, terms: terms('refund card visa gold') }),
      candidate('b', { relevance: 0.55, terms: terms('refund card visa silver') }),
      candidate('c', { relevance: 0.5, terms: terms('refund ticket train') }),
    ], { diversity: 0.5 })
    expect(ranked.map(({ id }) => id)).toEqual(['a', 'c', 'b'])
    expect(ranked[2]?.novelty).toBeCloseTo(1 - 0.5 * (3 / 5), 12)
    expect(ranked[2]?.reason).toContain('repeats part of another')
  })

  it('lets what repeats lose a tenth of what it repeats, by default', () => {
    const ranked = rank([candidate('a', { relevance: 0.6, terms: terms('refund card') }), candidate('b', { terms: terms('refund train') })])
    expect(ranked.map(({ novelty }) => novelty)).toEqual([1, 1 - 0.1 / 3])
  })

  it('gives reasons that people understand', () => {
    expect(reason({ matched: ['refund', 'card'], up: 3, down: 1 })).toBe("matches 'refund', 'card'; helped 3 of 4 times")
    expect(reason({ matched: ['refund'], up: 16.1, down: 0, runs: 23 })).toBe("matches 'refund'; helped 23 of 23 times")
    expect(reason({ matched: ['refund'], up: 0.7, down: 1, runs: 2 })).toBe("matches 'refund'; helped in 41 % of 2 runs")
    expect(reason({ matched: ['refund'], up: 0.5, down: 0.2, runs: 1 })).toBe("matches 'refund'; helped in 71 % of 1 run")
    expect(reason({ matched: ['refund'], up: 0.7 })).toBe("matches 'refund'; helped 1 of 1 times")
    expect(reason({ matched: ['a1', 'b', 'c', 'd', 'e', 'f', 'g'] })).toBe("matches 'a1', 'b', 'c', 'd', 'e' and 2 more; it went well")
    expect(reason({ matched: ['...'] })).toBe('is the same text; it went well')
    expect(reason({ matched: ['...'], standing: 'failure' })).toBe('is the same text; it went wrong')
    expect(reason({ matched: ['...'], kind: 'knowledge', standing: 'knowledge' })).toBe('is the same text; not rated yet')
    const votes = { useful: 19, notUseful: 1 }
    expect(reason({ matched: ['refund'], kind: 'knowledge', standing: 'knowledge', votes })).toBe("matches 'refund'; no use of it is judged yet; 19 of 20 voters find it useful")
    expect(reason({ matched: ['refund'], kind: 'knowledge', standing: 'knowledge', up: 3, down: 1, votes: { useful: 0, notUseful: 1 } })).toBe("matches 'refund'; helped 3 of 4 times; 0 of 1 voter finds it useful")
  })

  it('does not depend on the order of the candidates, keeps limits, and falls in score', () => {
    const any = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
      relevance: fc.constantFrom(0.1, 0.3, 0.3, 0.7, 0.99),
      up: fc.nat(3),
      down: fc.nat(3),
      terms: fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 }).map((terms) => new Set(terms)),
    })
    fc.assert(
      fc.property(fc.uniqueArray(any, { selector: ({ id }) => id }), fc.nat(5), fc.double({ min: 0, max: 1, noNaN: true }), (some, limit, diversity) => {
        const candidates = some.map(({ id, ...more }) => candidate(id, more))
        const ranked = rank(candidates, { limit, diversity })
        expect(rank(candidates.toReversed(), { limit, diversity })).toEqual(ranked)
        expect(ranked.length).toBeLessThanOrEqual(limit)
        for (const [place, { score, relevance, usefulness, recency, novelty }] of ranked.entries()) {
          expect(score).toBeCloseTo(relevance * usefulness * recency * novelty, 12)
          expect(score).toBeLessThanOrEqual(ranked[place - 1]?.score ?? 1)
        }
      }),
    )
  })
})
