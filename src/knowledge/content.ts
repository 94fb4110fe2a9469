import { AutodidactError } from '../errors.ts'
import { canonicalJson } from '../log/canonical-json.ts'
import type { FactData } from '../log/fact.ts'
import { type Json, toJson } from '../log/payload.ts'
import { readableText } from './readable-text.ts'

type Written = FactData['knowledge.written']

/** Whether data have a field called `__proto__` anywhere, however deep: they would be read back without it, and nobody would be told. */
export const hasPrototypeName = (value: unknown): boolean => {
  const open: unknown[] = [value]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue
    if (Object.hasOwn(next, '__proto__')) return true
    for (const entry of Object.values(next)) if (entry !== undefined) open.push(entry)
  }
  return false
}

/**
 * Content as it stands in a fact: a text, or data beside an empty one.
 *
 * @param what names it in messages
 * @throws AutodidactError `INVALID_INPUT` for a text or data with nothing in it, and for data that JSON cannot hold
 */
export const contentOf = (content: string | object, what: string): Pick<Written, 'content' | 'data'> => {
  const empty = (): AutodidactError => new AutodidactError('INVALID_INPUT', `${what} is empty. Pass a text, or data with something in it.`)
  if (typeof content === 'string') {
    if (content.trim() === '') throw empty()
    return { content }
  }
  const data = toJson(content, what)
  if (typeof data !== 'object' || data === null || Object.keys(data).length === 0) throw empty()
  if (hasPrototypeName(data)) throw new AutodidactError('INVALID_INPUT', `${what} has the name "__proto__", which cannot be kept. Use another one.`)
  return { content: '', data }
}

const lines = (parts: readonly (string | undefined)[]): string => parts.filter((part) => part !== undefined && part !== '').join('\n')

/** What an item says, to be read and compared: its title, its content, and what that was said of, as text. */
export const saidText = ({ title, content, data, context }: Pick<Written, 'title' | 'content' | 'data' | 'context'>): string =>
  lines([title, content, data === undefined ? undefined : readableText(data), context === undefined ? undefined : readableText(context)])

/** Everything of a version that it is found by. */
export const searchedText = ({ fix, tags, ...said }: Written): string => lines([saidText(said), fix?.error, tags?.join(' ')])

const inputText = (input: Json | undefined): string | undefined => (input === undefined ? undefined : readableText(input))

/** Between parts of a version: no sentence goes on behind it. */
const partBreak = '\n;\n'

/** Everything of a version that a model may be shown, or a person reads: names and the steps of a fix, too. */
export const wholeText = ({ kind, fix, tags = [], category, channel, author, reason, targets = [], links = [], ...said }: Written): string =>
  [
    saidText(said), kind, ...tags, category, channel, author, reason, ...targets, ...links.map(({ to }) => to),
    fix?.error, fix?.tool, fix?.approach, inputText(fix?.input), ...(fix?.steps ?? []).flatMap(({ action, input }) => [action, inputText(input)]),
    ...(fix?.categories ?? []), fix?.context === undefined ? undefined : readableText(fix.context),
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(partBreak)

/** What a version says, without what is said of the version itself. */
export type Saying = Omit<Written, 'number' | 'item' | 'author' | 'reason' | 'restores'>

/** What stays of a version in a later one. */
export const lastingOf = ({ number: _number, item: _item, author: _author, reason: _reason, restores: _restores, ...lasting }: Written): Saying => lasting

/** Whether a field says nothing: then it is the same as if it was not there. */
export const isEmpty = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length === 0)

const comparable = (said: Saying): string => canonicalJson(Object.fromEntries(Object.entries(said).filter(([, value]) => !isEmpty(value))))

const inWords = ({ title, content, data, context, fix }: Saying): string => canonicalJson([title, content, data, context, fix])

/** Whether two versions have the same words, whatever is said about these: their kind, tags, score, whom they are for. */
export const haveSameWords = (left: Saying, right: Saying): boolean => inWords(left) === inWords(right)

export const saySame = (left: Saying, right: Saying): boolean => comparable(left) === comparable(right)
