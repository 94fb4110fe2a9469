import { z } from 'zod'
import { isRuleType, parseRule, type RuleType } from '../knowledge/rule.ts'
import type { FactData } from '../log/fact.ts'
import { unit } from '../log/kinds/shared.ts'
import { sentenceOf } from '../log/sentence.ts'
import { visible } from '../recall/quotation.ts'
import type { View } from './view.ts'

/** An operation that may be written down. */
export type Operation = FactData['knowledge.proposed']['operations'][number]

/** A part of an answer that was of no use, and why. */
export interface DroppedPart {
  /** Of the operation in the answer, from 1; undefined for what concerns the whole answer. */
  readonly place: number | undefined
  /** In one sentence. */
  readonly reason: string
}

/** Characters of a rule: it is one line in a prompt. */
const longestRule = 1_000
const longestReason = 1_000

const text = z.string().max(100_000)
const reason = z.string().nullish()

/** What a teacher may answer; fields that nobody knows are left out. */
export const answerSchema = (kinds: readonly string[]) => {
  const add = z.object({ action: z.literal('add'), type: z.enum(kinds), score: unit.nullish(), text, reason })
  const update = z.object({ action: z.literal('update'), rule: z.string(), score: unit.nullish(), text, reason })
  const agree = z.object({ action: z.literal('agree'), rule: z.string(), reason })
  const remove = z.object({ action: z.literal('remove'), rule: z.string(), reason })
  const operation = z.discriminatedUnion('action', [add, update, agree, remove])
  return { operation, answer: z.object({ operations: z.array(operation) }) }
}

type Answered = z.output<ReturnType<typeof answerSchema>['operation']>

/** A text that says nothing may be changed in how it is read: nothing invisible in it, and on one line. */
const oneLine = (given: string): string => visible(given).replaceAll(/\s+/g, ' ').trim()

interface Said {
  readonly text: string
  readonly type?: RuleType
  readonly score?: number
}

/**
 * What a rule says, without a `[TYPE|score]` before it: that would be read as another kind of rule when somebody writes the text down once more.
 *
 * @returns a text that says what is wrong, where it says nothing of use
 */
const ruleIn = (given: string): Said | string => {
  const line = oneLine(given)
  let rule
  try {
    rule = parseRule(line)
  } catch {
    return 'begins like a rule with a score, and is none'
  }
  const said = rule?.text ?? line
  if (!/\p{L}/u.test(said)) return 'says nothing'
  if (said.length > longestRule) return `has more than ${longestRule.toLocaleString('en')} characters`
  if (/^\s*\[\s*[A-Z]+_[A-Z]+\s*\|/i.test(said)) return 'begins with the type of a rule twice'
  return rule === undefined ? { text: said } : { text: said, type: rule.type, score: rule.score }
}

const withReason = (given: string | null | undefined): Pick<Operation, 'reason'> => {
  const said = oneLine(given ?? '').slice(0, longestReason).toWellFormed()
  return said === '' ? {} : { reason: said }
}

const scoreOf = (given: number | null | undefined, said: Said): Pick<Operation, 'score'> => {
  const score = given ?? said.score
  return score === undefined ? {} : { score }
}

/** The operation on what was shown, or what is wrong with it. */
const resolved = (given: Answered, { rules, proposals }: View): Operation | string => {
  const { action } = given
  if (action === 'add') {
    const said = ruleIn(given.text)
    if (typeof said === 'string') return `its text ${said}`
    // Whichever of the two types is said to be the core, it is to be looked at by a person.
    const kind = said.type === 'CORE_RULE' || !isRuleType(given.type) ? (said.type ?? given.type) : given.type
    return { action, kind, text: said.text, ...scoreOf(given.score, said), ...withReason(given.reason) }
  }
  const handle = oneLine(given.rule).toUpperCase()
  const rule = rules.find((shown) => shown.handle === handle)
  if (rule === undefined) {
    const earlier = proposals.find((shown) => shown.handle === handle)
    if (earlier === undefined) return 'its rule is none of those that were shown'
    if (action !== 'agree') return 'its rule is only proposed: it can be agreed with, or left'
    return { action, proposal: earlier.proposal.id, ...withReason(given.reason) }
  }
  const about = { action, item: rule.item.id, number: rule.item.versions.at(-1)?.number ?? 1, ...withReason(given.reason) }
  if (action !== 'update') return about
  const said = ruleIn(given.text)
  if (typeof said === 'string') return `its text ${said}`
  if (said.type !== undefined && said.type !== rule.item.kind) return 'its text has the type of another kind of rule'
  return { ...about, text: said.text, ...scoreOf(given.score, said) }
}

/** Operations in lower case are what a model means by "ADD". */
const spelled = (raw: unknown): unknown => {
  if (typeof raw !== 'object' || raw === null || !('action' in raw) || typeof raw.action !== 'string') return raw
  return { ...raw, action: raw.action.trim().toLowerCase() }
}

export interface CheckedOperations {
  readonly operations: readonly Operation[]
  readonly dropped: readonly DroppedPart[]
}

/** Each operation by itself, against the schema and what was shown; whatever is wrong with one is said, and the others stay. */
export const checkedOperations = (raw: readonly unknown[], view: View, kinds: readonly string[], most: number): CheckedOperations => {
  const { operation: schema } = answerSchema(kinds)
  const operations: Operation[] = []
  const dropped: DroppedPart[] = []
  const subjects = new Set<string>()
  for (const [index, given] of raw.slice(0, most).entries()) {
    const place = index + 1
    const drop = (why: string): unknown => dropped.push({ place, reason: `Operation ${place}: ${why.replace(/\.$/, '')}.` })
    const value = spelled(given)
    const result = schema.safeParse(value)
    if (!result.success) {
      const [issue] = result.error.issues
      drop(issue === undefined ? 'it is not valid' : sentenceOf(schema, issue, value, 'it'))
      continue
    }
    const operation = resolved(result.data, view)
    if (typeof operation === 'string') {
      drop(operation)
      continue
    }
    const subject = operation.item ?? operation.proposal
    if (subject !== undefined && subjects.has(subject)) {
      drop('it is about the same rule as one before it')
      continue
    }
    if (subject !== undefined) subjects.add(subject)
    operations.push(operation)
  }
  if (raw.length > most) dropped.push({ place: undefined, reason: `The answer has ${raw.length.toLocaleString('en')} operations, and only the first ${most} were looked at.` })
  return { operations, dropped }
}
