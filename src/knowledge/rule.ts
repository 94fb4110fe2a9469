import { AutodidactError } from '../errors.ts'
import { expectNumber, expectText } from '../expect.ts'

/** The four types of rules, from who an agent is to what it has picked up. */
export const ruleTypes = ['CORE_RULE', 'RESPONSE_PRINCIPLE', 'BEHAVIORAL_ADJUSTMENT', 'GENERAL_LEARNING'] as const

export type RuleType = (typeof ruleTypes)[number]

/** A rule as it is written in one line. */
export interface Rule {
  readonly type: RuleType
  /** How sure its author is of it, in [0, 1]. */
  readonly score: number
  readonly text: string
}

export const isRuleType = (kind: string): kind is RuleType => (ruleTypes as readonly string[]).includes(kind)

const written = /^\s*\[\s*([A-Z]+_[A-Z]+)\s*\|\s*([^\]\s]{1,40})\s*\]/i

/**
 * Reads a rule of the form `[TYPE|score] text`; a text that does not begin like one is none.
 *
 * @throws AutodidactError `INVALID_INPUT` for a rule whose score is no number from 0 to 1, or that says nothing
 *
 * @example
 * ```ts
 * import { parseRule } from 'autodidact'
 *
 * const rule = parseRule('[RESPONSE_PRINCIPLE|0.9] Be concise.')
 * console.assert(rule?.type === 'RESPONSE_PRINCIPLE' && rule.score === 0.9 && rule.text === 'Be concise.')
 * console.assert(parseRule('Be concise.') === undefined)
 * ```
 */
export const parseRule = (line: string): Rule | undefined => {
  expectText(line, 'parseRule: line')
  const found = written.exec(line)
  const type = found?.[1]?.toUpperCase() ?? ''
  if (found === null || !isRuleType(type)) return undefined
  const score = /^(?:\d+\.?\d*|\.\d+)$/.test(found[2] ?? '') ? Number(found[2]) : Number.NaN
  const text = line.slice(found[0].length).trim()
  if (!(score >= 0 && score <= 1)) throw new AutodidactError('INVALID_INPUT', `The score of the rule "${found[0].trim()}" is no number from 0 to 1. Write it as [${type}|0.9].`)
  if (text === '') throw new AutodidactError('INVALID_INPUT', `The rule "${found[0].trim()}" says nothing. Write its text behind the bracket.`)
  return { type, score, text }
}

/**
 * Writes a rule as {@link parseRule} reads it.
 *
 * @throws AutodidactError `INVALID_INPUT`
 *
 * @example
 * ```ts
 * import { formatRule } from 'autodidact'
 *
 * console.assert(formatRule({ type: 'CORE_RULE', score: 1, text: 'My name is Ada.' }) === '[CORE_RULE|1.0] My name is Ada.')
 * ```
 */
export const formatRule = ({ type, score, text }: Rule): string => {
  expectNumber(score, 'formatRule: score', 0, 1)
  expectText(text, 'formatRule: text')
  return `[${type}|${Number.isInteger(score) ? score.toFixed(1) : score}] ${text}`
}
