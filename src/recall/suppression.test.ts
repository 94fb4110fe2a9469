import { array, assert, boolean, constantFrom, double, property, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Evidence, withoutSuppressed } from './suppression.ts'

let count = 0

const candidate = (standing: Evidence['standing'], answer: string, relevance: number, more: Partial<Evidence> = {}): Evidence => {
  count += 1
  return {
    id: `run-${count}`,
    kind: 'episode',
    standing,
    relevance,
    matched: [],
    terms: new Set(),
    digest: `digest-${count}`,
    occurredAt: 0,
    answer,
    sameTask: false,
    ...(standing === 'failure' ? { wrongAnswer: answer } : {}),
    ...more,
  }
}

const answers = (candidates: readonly Evidence[]): (string | undefined)[] => withoutSuppressed(candidates).flatMap((one) => (one.standing === 'success' ? one.answer : []))

describe('examples whose answer was wrong nearby', () => {
  it('are left out when two runs outweigh them', () => {
    const example = candidate('success', 'refund', 0.5)
    expect(answers([example, candidate('failure', 'refund', 0.4), candidate('failure', 'refund', 0.4)])).toEqual([])
    // 2 · .3² < .5²: remote failures do not outvote a near success.
    expect(answers([example, candidate('failure', 'refund', 0.3), candidate('failure', 'refund', 0.3)])).toEqual(['refund'])
  })

  it('stay when one other run alone speaks against them', () => {
    expect(answers([candidate('success', 'refund', 0.3), candidate('failure', 'refund', 0.9)])).toEqual(['refund'])
  })

  it('are left out at once when the failure is of this very task', () => {
    expect(answers([candidate('success', 'refund', 0.3), candidate('failure', 'refund', 0.9, { sameTask: true })])).toEqual([])
  })

  it('stay when one of several users alone speaks against them', () => {
    const example = candidate('success', 'refund', 0.3, { reporter: 'ada' })
    const complaint = (user: string): Evidence => candidate('failure', 'refund', 0.9, { reporter: user })
    expect(answers([example, complaint('eve'), complaint('eve')])).toEqual(['refund'])
    expect(answers([example, complaint('eve'), complaint('bob')])).toEqual([])
    // Where there is one user, two of that user's runs are enough.
    expect(answers([{ ...example, reporter: 'eve' }, complaint('eve'), complaint('eve')])).toEqual([])
  })

  it('stay when another one failed in this very task, and say so', () => {
    const example = candidate('success', 'refund', 0.3, { reporter: 'ada' })
    const failed = (reporter: string): Evidence => candidate('failure', 'refund', 0.9, { reporter, sameTask: true })
    expect(answers([example, failed('eve'), failed('eve')])).toEqual(['refund'])
    expect(answers([example, failed('ada')])).toEqual([])
    expect(answers([example, failed('eve'), failed('bob')])).toEqual([])
  })

  it('of a doubted source are left out by two runs, whoever had them, and count for less', () => {
    const rumour = candidate('success', 'wire', 0.6, { reporter: 'eve', reputation: 0.5 })
    const failed = (): Evidence => candidate('failure', 'wire', 0.4, { reporter: 'ada' })
    expect(answers([rumour, failed(), failed()])).toEqual([])
    expect(answers([{ ...rumour, reputation: 1 }, failed(), failed(), failed()])).toEqual(['wire'])
  })

  it('are left out when corrections replaced the same answer', () => {
    const corrected = (): Evidence => candidate('success', 'exchange', 0.6, { wrongAnswer: 'refund' })
    expect(answers([candidate('success', 'refund', 0.6), corrected(), corrected()])).toEqual(['exchange', 'exchange'])
  })
})

describe('what is no example', () => {
  it('always stays, and nothing is added or moved', () => {
    const arbitrary = record({
      standing: constantFrom('success' as const, 'failure' as const, 'unverified' as const, 'knowledge' as const),
      answer: constantFrom('a', 'b', 'c'),
      relevance: double({ min: 0, max: 1, noNaN: true }),
      sameTask: boolean(),
      reporter: constantFrom('ada', 'bob'),
    })
    assert(
      property(array(arbitrary, { maxLength: 20 }), (list) => {
        const candidates = list.map(({ standing, answer, relevance, ...more }) => candidate(standing, answer, relevance, more))
        const left = withoutSuppressed(candidates)
        expect(left).toEqual(candidates.filter((one) => left.includes(one)))
        for (const one of candidates) if (one.standing !== 'success') expect(left).toContain(one)
      }),
    )
  })

  it('an answer that never failed is never left out', () => {
    const list = [candidate('success', 'a', 0.1), candidate('failure', 'b', 0.9), candidate('failure', 'b', 0.9)]
    expect(answers(list)).toEqual(['a'])
  })
})
