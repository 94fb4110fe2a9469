import type { Autodidact } from '../autodidact.ts'
import { AutodidactError } from '../errors.ts'
import { shortened } from './text.ts'

/** Fewer characters are a word and no part of an id. */
const shortest = 6

/** More items than these are not named one by one. */
const mostNamed = 5

/** What stands in front of the part of an id that differs from item to item. */
const prefix = 'knowledge_'

/**
 * The id of the item that somebody means who typed the beginning of it, with `knowledge_` or without; a number of a version may stand behind (`@2`). What is no beginning of any id
 * is given back as it is, for the library to refuse.
 *
 * @throws AutodidactError `INVALID_INPUT` where it is the beginning of several
 */
export const idMeant = async ({ knowledge }: Pick<Autodidact, 'knowledge'>, given: string): Promise<string> => {
  const version = /@\d+$/.exec(given)?.[0] ?? ''
  const beginning = given.slice(0, given.length - version.length)
  if (beginning.length < shortest || beginning.length > 512 || (await knowledge.get(beginning)) !== undefined) return given
  const found = (await knowledge.list({ limit: 100_000 })).map(({ id }) => id).filter((id) => id.startsWith(beginning) || id.startsWith(`${prefix}${beginning}`))
  const [only] = found
  if (only === undefined) return given
  if (found.length === 1) return `${only}${version}`
  const named = found.slice(0, mostNamed).join(', ')
  throw new AutodidactError('INVALID_INPUT', `"${shortened(given, 60)}" is the beginning of ${found.length} ids: ${named}${found.length > mostNamed ? ', …' : ''}. Name one with more of its characters. Nothing was written.`)
}
