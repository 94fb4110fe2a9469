import { AutodidactError, unlabelled } from '../errors.ts'
import { described, expectList, expectNumber, expectObject, expectText } from '../expect.ts'
import { closing, openings } from '../echo/block.ts'
import { estimateTokens, fillBudget } from './budget.ts'
import type { Item } from './item.ts'
import { type Bearing, linkWords } from './linked.ts'
import { quote, quotedName } from './quotation.ts'

/** One recalled item, ready to be shown to a model. */
export interface PromptItem {
  readonly id: string
  /**
   * `example`: worked before. `warning`: failed before. `knowledge`: a lesson or fact. `rule`: a rule in force, approved by a person. `caution`: what somebody warns of. `question`: what was
   * asked. `preference`: what the user who asks wants.
   */
  readonly form: 'example' | 'warning' | 'knowledge' | 'rule' | 'caution' | 'question' | 'preference'
  /** Who or what it comes from, for instance `user ada` or `agent`. */
  readonly source: string
  /** The task it was about, or the knowledge itself. */
  readonly text: string
  /** How it bears on another of the items; said where that is in the block, too. */
  readonly linked?: Bearing
  /** What was answered or done; for a warning, what failed. */
  readonly answer?: string
  /** Of a warning: the action at which it failed. */
  readonly failedStep?: string
  /** Of a warning: what went wrong; cut to 60 tokens. */
  readonly error?: string
  /** Of an example: the actions that led to the answer; of a warning: what was done. In their order; shown where the budget has room left for them, and always where a warning says nothing else of what was done. */
  readonly steps?: readonly string[]
}

export interface PromptSettings {
  /** The whole block is at most this many tokens, as `estimateTokens` counts; default 1,000. */
  readonly tokens?: number
  /** A longer text or answer of one item is cut to so many tokens; default 200. */
  readonly itemTokens?: number
}

/** The block for the prompt, and which items are in it. */
export interface Prompt {
  /** Empty when there is nothing to show. */
  readonly prompt: string
  /** Ids of the items in the block, in the order of their numbers. */
  readonly shown: readonly string[]
}

const headings: Readonly<Record<PromptItem['form'], string>> = {
  rule: 'Rules in force, approved by a person; keep to them:',
  preference: 'What this user prefers:',
  knowledge: 'What is known:',
  caution: 'What others warn of:',
  question: 'What was asked before:',
  example: 'Similar tasks that went well:',
  warning: 'Similar tasks that FAILED; do not repeat what was done:',
}

/** The order of the sections. */
const forms: readonly PromptItem['form'][] = ['rule', 'preference', 'knowledge', 'caution', 'question', 'example', 'warning']

export const defaultTokens = 1_000
export const defaultItemTokens = 200

/** Rules stand in front of everything, and take at most this share of the tokens. */
const mostForRules = 0.25

/** Kinds of knowledge that say what not to do. */
const cautions: readonly string[] = ['warning', 'failure_pattern']

/** In which section an item stands. */
export const formOf = ({ kind, knowledge }: Pick<Item, 'kind' | 'knowledge'>): PromptItem['form'] => {
  if (knowledge === undefined) return kind === 'unverified' ? 'example' : kind
  if (knowledge.kind === 'CORE_RULE' && knowledge.approved) return 'rule'
  if (knowledge.kind === 'question') return 'question'
  return cautions.includes(knowledge.kind) ? 'caution' : 'knowledge'
}

const told = ['', 'Answer'] as const
const labels = { rule: told, preference: told, knowledge: told, caution: told, question: told, example: ['Task', 'Answer'], warning: ['Task', 'Failed'] } as const

/** Most tokens of what is said of an item beside its text and its answer. */
const detailTokens = 60

const render = ({ id, form, source, text, linked, answer, failedStep, error, steps }: PromptItem, number: number, itemTokens: number): string => {
  const detail = (label: string, value: string | undefined): string[] => (value === undefined ? [] : quote(label, value, Math.min(detailTokens, itemTokens)))
  const [first, second] = labels[form]
  return [
    `[${number}]`,
    // Names are words of others, too.
    `| id ${quotedName(id)}, from ${quotedName(source)}${linked === undefined ? '' : `, ${linked.says} ${quotedName(linked.id)}`}`,
    ...quote(first, text, itemTokens),
    ...(answer === undefined ? [] : quote(second, answer, itemTokens)),
    ...(form === 'warning' ? [...detail('Failed step', failedStep), ...detail('Error', error === undefined ? undefined : unlabelled(error))] : []),
    ...(form === 'example' || form === 'warning' ? detail('Steps', steps === undefined || steps.length === 0 ? undefined : steps.join(' → ')) : []),
  ].join('\n')
}

const expectItem = ({ id, form, source, text, linked, answer, failedStep, error, steps }: PromptItem): void => {
  expectText(id, 'renderPrompt: id of an item')
  expectText(source, 'renderPrompt: source of an item')
  expectText(text, 'renderPrompt: text of an item')
  if (answer !== undefined) expectText(answer, 'renderPrompt: answer of an item')
  if (failedStep !== undefined) expectText(failedStep, 'renderPrompt: failedStep of an item')
  if (error !== undefined) expectText(error, 'renderPrompt: error of an item')
  if (steps !== undefined) {
    expectList(steps, 'renderPrompt: steps of an item')
    for (const step of steps) expectText(step, 'renderPrompt: a step of an item')
  }
  if (linked !== undefined) {
    expectObject(linked, 'renderPrompt: linked of an item')
    expectText(linked.id, 'renderPrompt: linked.id of an item')
    if (!linkWords.includes(linked.says)) throw new AutodidactError('INVALID_INPUT', `renderPrompt: linked.says of an item is ${described(linked.says)}. Pass one of ${linkWords.join(', ')}.`)
  }
  if (!forms.includes(form)) throw new AutodidactError('INVALID_INPUT', `renderPrompt: form of an item is ${described(form)}. Pass one of ${forms.join(', ')}.`)
}

const withoutLink = ({ linked: _linked, ...item }: PromptItem): PromptItem => item

/** "Do not repeat what was done" must say what that was. */
const needsSteps = ({ form, answer, failedStep }: PromptItem): boolean => form === 'warning' && answer === undefined && failedStep === undefined

const withoutSteps = (item: PromptItem): PromptItem => (needsSteps(item) ? item : { ...item, steps: [] })

/** The items, with their steps as far as these fit into what the items have left: no item gives way to the steps of another. */
const withStepsThatFit = (items: readonly PromptItem[], tokens: number, price: (item: PromptItem) => number): PromptItem[] => {
  let left = tokens
  return items.map((item) => {
    const shorter = withoutSteps(item)
    const more = price(item) - price(shorter)
    if (more > left) return shorter
    left -= more
    return item
  })
}

const tokensOfLine = (text: string): number => estimateTokens(`${text}\n`)

/**
 * Renders the block of recalled items for a prompt: knowledge, examples, and failed attempts apart from both, each with a number and below it its id and its
 * source. Names and texts of the items are quoted line by line, stripped of invisible characters, and cannot end the block or imitate its markers. The
 * budget is never exceeded; items that do not fit are left out, least first.
 *
 * @param items In the order of their worth.
 * @example
 * ```ts
 * import { renderPrompt } from 'autodidact'
 *
 * const { prompt, shown } = renderPrompt([
 *   { id: 'run-1', form: 'example', source: 'agent', text: 'Refund order 7', answer: 'refund(7)' },
 * ])
 * console.assert(prompt.includes('| Answer: refund(7)') && shown.length === 1)
 * console.assert(renderPrompt([]).prompt === '')
 * ```
 */
export const renderPrompt = (items: readonly PromptItem[], settings: PromptSettings = {}): Prompt => {
  expectList(items, 'renderPrompt: items')
  for (const item of items) {
    expectObject(item, 'renderPrompt: an item')
    expectItem(item)
  }
  expectObject(settings, 'renderPrompt: settings')
  const { tokens = defaultTokens, itemTokens = defaultItemTokens } = settings
  expectNumber(tokens, 'renderPrompt: tokens', 0)
  expectNumber(itemTokens, 'renderPrompt: itemTokens', 0)
  const begin = items.some(({ form }) => form === 'rule') ? openings.withRules : openings.withoutRules
  const frame = tokensOfLine(begin) + tokensOfLine(closing)
  // Numbers are given at the end; until then the widest one is paid for.
  const price = (item: PromptItem): number => tokensOfLine(render(item, items.length, itemTokens))
  const cost = (item: PromptItem, before: readonly PromptItem[]): number =>
    price(withoutSteps(item)) + (before.some(({ form }) => form === item.form) ? 0 : tokensOfLine(headings[item.form]))
  const rules = fillBudget(items.filter(({ form }) => form === 'rule'), Math.min(tokens * mostForRules, tokens - frame), cost)
  const spentOnRules = rules.reduce((sum, rule, place) => sum + cost(rule, rules.slice(0, place)), 0)
  const chosen = [...rules, ...fillBudget(items.filter(({ form }) => form !== 'rule'), tokens - frame - spentOnRules, cost)]
  if (chosen.length === 0) return { prompt: '', shown: [] }
  const spent = chosen.reduce((sum, item, place) => sum + cost(item, chosen.slice(0, place)), frame)
  const taken = withStepsThatFit(chosen, tokens - spent, price)
  const ids = new Set(taken.map(({ id }) => id))
  const ordered = forms.flatMap((form) => taken.filter((item) => item.form === form)).map((item) => (item.linked === undefined || ids.has(item.linked.id) ? item : withoutLink(item)))
  const lines = ordered.flatMap((item, place) => [
    ...(ordered[place - 1]?.form === item.form ? [] : [headings[item.form]]),
    render(item, place + 1, itemTokens),
  ])
  return { prompt: [rules.length > 0 ? openings.withRules : openings.withoutRules, ...lines, closing].join('\n'), shown: ordered.map(({ id }) => id) }
}
