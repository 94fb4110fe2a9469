import { AutodidactError } from '../errors.ts'
import type { FactKind } from './fact.ts'
import { kinds } from './kinds/index.ts'

/** True for names of kinds that this version knows. */
export const isFactKind = (kind: string): kind is FactKind => Object.hasOwn(kinds, kind)

/**
 * Brings data of an older version to the present one.
 *
 * @throws AutodidactError `NEWER_VERSION` when the data was written by a newer version of the kind
 */
export const upcast = (kind: FactKind, version: number, data: unknown): unknown => {
  const definition = kinds[kind]
  if (version > definition.version) {
    throw new AutodidactError('NEWER_VERSION', `A fact "${kind}" has version ${version}, this package knows up to ${definition.version}. Update autodidact.`)
  }
  if (version === definition.version) return data
  let present = data
  for (const step of definition.upcast.slice(version - 1)) present = step(present)
  return present
}
