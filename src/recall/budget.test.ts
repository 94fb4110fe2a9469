import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clipToTokens, estimateTokens, fillBudget } from './budget.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 200 })

describe('estimateTokens', () => {
  it('knows that other scripts cost more', () => {
    expect(['', 'a', 'abcd', 'abcde', 'привет', '東京', '👍'].map(estimateTokens)).toEqual([0, 1, 1, 2, 3, 2, 2])
  })

  it('never promises that parts cost less than the whole', () => {
    fc.assert(fc.property(anyText, anyText, (left, right) => {
      expect(estimateTokens(left) + estimateTokens(right)).toBeGreaterThanOrEqual(estimateTokens(left + right))
    }))
  })
})

describe('clipToTokens', () => {
  it('cuts where it must and says so', () => {
    expect(clipToTokens('abcd'.repeat(3), 3)).toBe('abcdabcdabcd')
    expect(clipToTokens('abcd'.repeat(4), 3)).toBe('abcd […]')
    expect(clipToTokens('abcdabcd', 1)).toBe('')
  })

  it('stays within the budget and cuts no character in half', () => {
    fc.assert(fc.property(anyText, fc.nat(60), (text, tokens) => {
      const clipped = clipToTokens(text, tokens)
      expect(estimateTokens(clipped)).toBeLessThanOrEqual(tokens)
      expect(clipped.isWellFormed() || !text.isWellFormed()).toBe(true)
    }))
  })
})

describe('fillBudget', () => {
  it('takes in order and passes over what does not fit', () => {
    expect(fillBudget([5, 9, 3, 1], 9, (item) => item)).toEqual([5, 3, 1])
  })

  it('is never exceeded', () => {
    fc.assert(fc.property(fc.array(fc.nat(50)), fc.nat(100), (items, tokens) => {
      expect(fillBudget(items, tokens, (item) => item).reduce((sum, item) => sum + item, 0)).toBeLessThanOrEqual(tokens)
    }))
  })
})
