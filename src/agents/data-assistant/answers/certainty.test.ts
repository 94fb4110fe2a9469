import { expect, test } from 'vitest'
import { evidenceOf, type Scored, type Tried } from './candidate.ts'
import type { Known } from '../cases.ts'
import { type Circumstances, priorSigns, signsOf } from './certainty.ts'
import { Confidence } from '../ranking/confidence.ts'

const known: Known = {
  template: { key: 'SELECT 1', pieces: [], slots: [] }, fragments: new Int32Array(1), parts: new Int32Array(0), kind: 'seen', constants: [], cases: [],
  filled: { order: [], sizes: [] }, filling: '',
}

const tried = (key: string, nearest: number): Tried => {
  const candidate: Scored = { known, fragments: known.fragments, evidence: [nearest], spans: [], nearest: undefined, score: 0, fromFragments: 0 }
  return { candidate, evidence: evidenceOf([nearest]), query: key, key }
}

const circumstances = (changed: Partial<Circumstances> = {}): Circumstances => {
  const all = [tried('a', 0.6), tried('b', 0.2)]
  const difference = { addedWords: [], missingWords: [], added: 0.2, missing: 0.2, same: false }
  return { tried: all, chosen: all[0] ?? tried('a', 0.6), mass: 0.9, secondMass: 0.1, difference, strange: 0, unmet: 0, cases: 100, ...changed }
}

const confidenceIn = (changed: Partial<Circumstances>): number => new Confidence(priorSigns, 0.8).of(signsOf(circumstances(changed)))

test('every sign has an initial weight', () => {
  expect(signsOf(circumstances())).toHaveLength(priorSigns.length - 1)
})

test('an answer without any rival is no surer than one that has won', () => {
  const only = [tried('a', 0.6)]
  expect(confidenceIn({ tried: only, mass: 1, secondMass: 0 })).toBeLessThan(confidenceIn({ mass: 0.999, secondMass: 0.001 }))
  // Two that give the same rows are no rivals either.
  const same = [tried('a', 0.6), tried('a', 0.5)]
  expect(confidenceIn({ tried: same, mass: 1, secondMass: 0 })).toBe(confidenceIn({ tried: only, mass: 1, secondMass: 0 }))
})

test('words that nobody has asked with, or not for this, make an answer less sure', () => {
  expect(confidenceIn({ strange: 0.3 })).toBeLessThan(confidenceIn({}))
  expect(confidenceIn({ unmet: 0.3 })).toBeLessThan(confidenceIn({}))
})
