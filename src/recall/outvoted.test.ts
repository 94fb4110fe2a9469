import { array, assert, constantFrom, double, property, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutOutvoted } from './outvoted.ts'
import type { Evidence } from './suppression.ts'

let count = 0

const success = (answer: string, relevance: number, origin = `agent-${(count += 1)}`): Evidence => ({
  id: `run-${(count += 1)}`, kind: 'episode', standing: 'success', relevance, matched: [], terms: new Set(), digest: `digest-${count}`, occurredAt: 0, answer, sameTask: false, origin,
})

const answers = (candidates: readonly Evidence[]): string => withoutOutvoted(candidates).map(({ answer }) => answer).join(' ')

describe('an example', () => {
  it('is left out when three others agree on another answer, and are as near', () => {
    expect(answers([success('wire', 0.6), success('refund', 0.6), success('refund', 0.6), success('refund', 0.6)])).toBe('refund refund refund')
    expect(answers([success('wire', 0.6), success('refund', 0.6), success('refund', 0.6)])).toBe('wire refund refund')
  })

  it('stays where it is nearer to the task than what the others did', () => {
    // .6 is less than .8 · .8.
    expect(answers([success('wire', 0.8), ...Array.from({ length: 9 }, () => success('refund', 0.6))])).toContain('wire')
  })

  it('stays where others do as it did', () => {
    const four = ['a', 'b', 'c', 'd'].map((agent) => success('refund', 0.6, agent))
    // .36 · 2 is more than two fifths of .36 · 4.
    expect(answers([success('wire', 0.6, 'x'), success('wire', 0.6, 'y'), ...four])).toBe('wire wire refund refund refund refund')
  })

  it('is not outvoted by one source alone, however often it says so', () => {
    const flood = Array.from({ length: 20 }, () => success('wire', 0.6, 'intruder'))
    const honest = ['ada', 'grace'].map((agent) => success('refund', 0.6, agent))
    expect(answers([...honest, ...flood])).toContain('refund')
    // Among themselves an intruder's own runs are no more than three.
    expect(answers([...flood, ...['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((agent) => success('refund', 0.6, agent))])).not.toContain('wire')
  })

  it('stays where every run has an answer of its own', () => {
    const all = Array.from({ length: 12 }, (_, place) => success(`order ${place}`, 0.6))
    expect(withoutOutvoted(all)).toEqual(all)
  })
})

it('failures, knowledge and what has no answer always stay, in their order, and nothing is added', () => {
  const evidence = record({ answer: constantFrom('a', 'b', 'c'), relevance: double({ min: 0.01, max: 0.99, noNaN: true }), origin: constantFrom('x', 'y', 'z'), standing: constantFrom('success', 'failure', 'knowledge', 'unverified') })
  assert(
    property(array(evidence, { maxLength: 30 }), (list) => {
      const all = list.map(({ answer, relevance, origin, standing }): Evidence => ({ ...success(answer, relevance, origin), standing }))
      const left = withoutOutvoted(all)
      expect(left).toEqual(all.filter((one) => left.includes(one)))
      for (const one of all) if (one.standing !== 'success') expect(left).toContain(one)
      // Whatever is left out, the answer with the most behind it stays.
      if (all.some(({ standing }) => standing === 'success')) expect(left.some(({ standing }) => standing === 'success')).toBe(true)
    }),
  )
})
