import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatRule, parseRule, ruleTypes } from './rule.ts'

describe('a rule', () => {
  test('is read as it is written', () => {
    const rule = fc.record({
      type: fc.constantFrom(...ruleTypes),
      score: fc.oneof(fc.constantFrom(0, 1, 0.5), fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000)),
      text: fc.string({ unit: 'binary' }).map((text) => text.trim()).filter((text) => text !== ''),
    })
    fc.assert(
      fc.property(rule, (given) => {
        expect(parseRule(formatRule(given))).toEqual(given)
      }),
    )
  })

  test.each(['Be concise.', '[NOTE] x', '[NOTE|b] x', '[note|0.5] x', '[a|1] x', '[0|1] x', '[A|1] x', '[NODE_ENV] must be set', '[CORE_RULEBOOK] x', 'see [CORE_RULE|1.0] x', '', '[|] x'])('is not what does not begin like one: %j', (line) => {
    expect(parseRule(line)).toBeUndefined()
  })

  test.each(['[core_rule|.5] x', '  [ CORE_RULE | 0.5 ]   x '])('may be written loosely: %j', (line) => {
    expect(parseRule(line)).toEqual({ type: 'CORE_RULE', score: 0.5, text: 'x' })
  })

  test.each(['[CORE_RULE|999] x', '[CORE_RULE|1.1] x', '[CORE_RULE|-1] x', '[CORE_RULE|high] x', '[CORE_RULE|1e0] x', '[CORE_RULE|]  x', '[CORE_RULE|0.5]', '[CORE_RULE|0.5]   ', '[CORE_RULE] x', '[core_rule] x', ' [ GENERAL_LEARNING ] x'])('of another score, or of none, or without words, is refused: %j', (line) => {
    expect(() => parseRule(line)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })

  test.each([
    ['[CORE_RULE] x', /has no score[\s\S]*\[CORE_RULE\|0\.9\]/],
    ['[FOO|.4] x', /"FOO" is no type of rule[\s\S]*CORE_RULE, RESPONSE_PRINCIPLE[\s\S]*kind/],
    ['[CORE_RULES|0.4] x', /"CORE_RULES" is no type of rule/],
    ['[CORE|1] x', /"CORE" is no type of rule/],
  ])('that is nearly one is refused with what to do: %j', (line, message) => {
    expect(() => parseRule(line)).toThrow(message)
  })
})
