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

/** `[TYPE|score]`, and what somebody writes who forgets the score. */
const written = /^\s*\[\s*([A-Z]+_[A-Z]+)\s*(?:\|\s*([^\]\s]{0,40})\s*)?\]/i

/** What only looks like one: a name in capitals with a number behind it. */
const nearly = /^\s*\[\s*([A-Z][A-Z_]{2,39})\s*\|\s*-?(?:\d+\.?\d*|\.\d+)\s*\]/

const isScore = (given: string): boolean => /^(?:\d+\.?\d*|\.\d+)$/.test(given) && Number(given) <= 1

/**
 * Reads a rule of the form `[TYPE|score] text`; a text that does not begin like one is none.
 *
 * @throws AutodidactError `INVALID_INPUT` for a rule without a score from 0 to 1, of a type that there is not, or that says nothing
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
  if (found === null || !isRuleType(type)) {
    refuseNearly(line)
    return undefined
  }
  const [head, , score] = found
  if (score === undefined || !isScore(score)) throw refusal(`The rule "${head.trim()}" has no score from 0 to 1. Write it as [${type}|0.9].`)
  const text = line.slice(head.length).trim()
  if (text === '') throw refusal(`The rule "${head.trim()}" says nothing. Write its text behind the bracket.`)
  return { type, score: Number(score), text }
}

const refusal = (message: string): AutodidactError => new AutodidactError('INVALID_INPUT', message)

/** Somebody who mistypes the type of a rule would get something else, and never know. */
const refuseNearly = (line: string): void => {
  const type = nearly.exec(line)?.[1]
  if (type !== undefined) throw refusal(`"${type}" is no type of rule: it must be one of ${ruleTypes.join(', ')}. A text that is no rule needs a "kind", such as "solution".`)
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
