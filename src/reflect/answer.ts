import { AutodidactError } from '../errors.ts'
import { jsonIn, toJson } from '../log/payload.ts'
import type { ModelAnswer } from '../models/model.ts'

/** What an answer holds, before anybody has looked at a single operation. */
export interface FoundOperations {
  readonly operations: readonly unknown[]
  /** What is wrong with the answer as a whole; undefined when nothing is. */
  readonly problem?: string
}

/** A longer answer is not read: no list of operations is so long. */
const longestAnswer = 4_000_000
/** Pieces of a broken answer that are tried, and the longest of them, in characters. */
const mostPieces = 2_000
const longestPiece = 20_000

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** The list of operations in a value, wherever a model may put it: under its name, alone, or a single one of them. */
const listIn = (value: unknown): readonly unknown[] | undefined => {
  if (Array.isArray(value)) return value
  if (!isObject(value)) return undefined
  if ('operations' in value) return Array.isArray(value.operations) ? value.operations : undefined
  return 'action' in value ? [value] : undefined
}

const noList = 'has no list of operations'

/** Where the object that begins here ends; −1 when it does not. */
const endOfObject = (text: string, start: number): number => {
  let depth = 0
  let quoted = false
  for (let at = start; at < Math.min(text.length, start + longestPiece); at += 1) {
    const character = text[at]
    if (quoted) {
      if (character === '\\') at += 1
      else if (character === '"') quoted = false
    } else if (character === '"') quoted = true
    else if (character === '{') depth += 1
    else if (character === '}') {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return -1
}

/** An operation stands in a list: behind its beginning, or behind another one. What stands anywhere else is quoted by somebody. */
const isInList = (text: string, start: number): boolean => {
  let before = start - 1
  while (/\s/.test(text[before] ?? '')) before -= 1
  return before < 0 || text[before] === '[' || text[before] === ','
}

/** Every operation that is whole in a list that as a whole is not: one that is broken, or cut off, does not take the others along. */
const pieces = (text: string): unknown[] => {
  const found: unknown[] = []
  let start = text.indexOf('{')
  for (let tried = 0; start !== -1 && tried < mostPieces; tried += 1) {
    const end = isInList(text, start) ? endOfObject(text, start) : -1
    const value = end === -1 ? undefined : jsonIn(text.slice(start, end))
    const isOperation = isObject(value) && 'action' in value
    if (isOperation) found.push(value)
    start = text.indexOf('{', isOperation ? end : start + 1)
  }
  return found
}

/** The part of a text that is meant as the answer: the last between fences, or what follows the first words of one. */
const answerPart = (text: string): string => {
  const fenced = [...text.matchAll(/```[a-z]*[ \t]*\n([\s\S]*?)(?:\n[ \t]*```|$)/gi)].at(-1)?.[1]
  const part = (fenced ?? text).trim()
  if (part.startsWith('{') || part.startsWith('[')) return part
  const start = part.search(/\{\s*"operations"/)
  return start === -1 ? '' : part.slice(start)
}

const inText = (text: string): FoundOperations => {
  if (text.length > longestAnswer) return { operations: [], problem: `has more than ${longestAnswer.toLocaleString('en')} characters` }
  // A value whose texts hold fences is whole without a look at them.
  const part = jsonIn(text) === undefined ? answerPart(text) : text
  const value = jsonIn(part)
  if (value !== undefined) {
    const list = listIn(value)
    return list === undefined ? { operations: [], problem: noList } : { operations: list }
  }
  const operations = pieces(part)
  return { operations, problem: operations.length === 0 ? noList : 'is no valid JSON as a whole; the operations that are whole in it were taken' }
}

/** The operations in an answer, whatever form it has. Runs no code of a value: it is made plain first. */
export const operationsIn = ({ text, value }: ModelAnswer): FoundOperations => {
  if (value === undefined) return inText(text ?? '')
  try {
    const list = listIn(toJson(value, 'the answer'))
    return list === undefined ? { operations: [], problem: noList } : { operations: list }
  } catch (error) {
    return { operations: [], problem: AutodidactError.is(error) ? 'is no plain data' : 'cannot be read' }
  }
}
