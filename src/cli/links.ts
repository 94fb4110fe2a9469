import { InvalidArgumentError } from 'commander'
import type { Link } from '../knowledge/input.ts'
import { relations } from '../log/knowledge-names.ts'

export type Relation = Link['relation']

const isRelation = (given: string): given is Relation => relations.some((one) => one === given)

/** For options `type:id` that may be repeated. */
export const parseLink = (value: string, previous: readonly Link[] = []): Link[] => {
  const at = value.indexOf(':')
  const [type, to] = [value.slice(0, Math.max(0, at)), value.slice(at + 1)]
  if (!isRelation(type) || to === '') throw new InvalidArgumentError(`It must have the form TYPE:ID, with one of the types ${relations.join(', ')}.`)
  return [...previous, { relation: type, to }]
}

/** For an option that may be repeated, and beside which there is one that says none (`false`): the last of the two counts. */
export const parseRelation = (value: string, previous: readonly Relation[] | false = []): Relation[] => {
  if (!isRelation(value)) throw new InvalidArgumentError(`It must be one of ${relations.join(', ')}.`)
  return [...(previous === false ? [] : previous), value]
}
