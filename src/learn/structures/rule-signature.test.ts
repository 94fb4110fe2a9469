import { describe, expect, test } from 'vitest'
import { ruleSignature } from './rule-signature.ts'

const rule = 'Name the currency of every amount.'

describe('two rules say the same', () => {
  test.each([rule, 'please NAME the currency  of every amounts!', 'Ｎame a currency of every amount', '  name the\ncurrency, of every amount'])('%j', (text) => {
    expect(ruleSignature(text)).toBe(ruleSignature(rule))
  })
})

describe('two rules do not', () => {
  test.each([
    'Never name the currency of every amount.', 'Name the currency of every large amount.', 'Name the amount of every currency.', 'Name the country of every amount.', 'Name the currency of every 2 amounts.', '',
  ])('%j', (text) => {
    expect(ruleSignature(text)).not.toBe(ruleSignature(rule))
  })

  test.each([
    ['Refund before you ship.', 'Ship before you refund.'],
    ['Do share the draft with the customer before it is final.', 'Do not share the draft with the customer before it is final.'],
    ['Refunds above 100 need two signatures.', 'Refunds above 1000 need two signatures.'],
  ])('%j and %j', (left, right) => {
    expect(ruleSignature(left)).not.toBe(ruleSignature(right))
  })
})

test('a text without words says nothing, and not the same as another', () => {
  expect([ruleSignature(''), ruleSignature('!?'), ruleSignature('the')]).toEqual(['', '', ''])
})
