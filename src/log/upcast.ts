import { AutodidactError } from '../errors.ts'
import type { FactKind } from './fact.ts'
import { kinds } from './kinds/index.ts'

/** True for names of kinds that this version knows. */
export const isFactKind = (kind: string): kind is FactKind => Object.hasOwn(kinds, kind)

type Steps = Pick<(typeof kinds)[FactKind], 'kind' | 'version' | 'upcast'>

/**
 * Brings data of an older version of a kind to the present one, step by step.
 *
 * @throws AutodidactError `NEWER_VERSION` when the data was written by a newer version of the kind
 */
export const upcastBy = ({ kind, version: present, upcast: steps }: Steps, version: number, data: unknown): unknown => {
  if (version > present) {
    throw new AutodidactError('NEWER_VERSION', `A fact "${kind}" has version ${version}, this package knows up to ${present}. Update autodidact.`)
  }
  // Nearly every fact is of the present version, and there are a million of them.
  return version === present ? data : steps.slice(version - 1).reduce((older, step) => step(older), data)
}

/** The same for a kind by name. */
export const upcast = (kind: FactKind, version: number, data: unknown): unknown => upcastBy(kinds[kind], version, data)
