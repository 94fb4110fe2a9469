import type { Autodidact } from '../autodidact.ts'
import { AutodidactError } from '../errors.ts'
import type { Selector } from '../forget/forget.ts'
import { authorOf } from '../log/author.ts'
import type { Fact } from '../log/fact.ts'
import type { FileOptions } from './command.ts'
import { shortened } from './text.ts'
import { nearestName } from '../text/nearest.ts'

/** The names that a fact is found by. */
const namesOf = (fact: Fact, selector: Selector): readonly (string | undefined)[] => {
  if ('user' in selector) return [fact.user, authorOf(fact)]
  if ('session' in selector) return [fact.session]
  if ('run' in selector) return [fact.run]
  if ('kind' in selector) return [fact.kind]
  return 'source' in selector ? [fact.source] : [fact.id]
}

/** What was meant, as far as it can be told: reads the whole log, which is only done when nothing was found. */
const hintOf = async (autodidact: Autodidact, selector: Selector): Promise<string> => {
  const given = 'facts' in selector ? selector.facts[0] : Object.values(selector).find((value) => typeof value === 'string')
  if (given === undefined) return ''
  const known = new Set<string>()
  for await (const fact of autodidact.export()) for (const name of namesOf(fact, selector)) if (name !== undefined) known.add(name)
  const nearest = nearestName(given, known)
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`
}

/** More facts than these are counted. */
const mostNamed = 5

const factsNamed = (ids: readonly string[]): string =>
  ids.length > mostNamed ? `${ids.length} facts` : `${ids.length === 1 ? 'fact' : 'facts'} ${ids.map((id) => `"${shortened(id, 60)}"`).join(', ')}`

/**
 * The error of a call that found nothing of its subject, with the nearest known name.
 *
 * @param result what did not happen for that, such as `nothing was erased`
 */
export const nothingFound = async (autodidact: Autodidact, selector: Selector, { file, namespace }: Pick<FileOptions, 'file' | 'namespace'>, result: string): Promise<AutodidactError> => {
  const [[kind, value] = ['namespace', true]] = Object.entries(selector)
  const what = value === true ? 'Nothing is' : `Nothing of the ${'facts' in selector ? factsNamed(selector.facts) : `${kind} "${String(value)}"`} is`
  return new AutodidactError('UNKNOWN_ID', `${what} in the namespace "${namespace}" of ${file}, so ${result}.${await hintOf(autodidact, selector)}`)
}
