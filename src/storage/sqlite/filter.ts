import type { Cipher } from '../../encryption/cipher.ts'
import { agentSays, authorFields } from '../../log/author.ts'
import type { Filter } from '../storage.ts'
import { dataExpression, spaceOf } from './encryption.ts'

/** What of SQL a filter means: conditions on the columns of `facts`, and the values that they are asked with. */
export interface Conditions {
  readonly text: string
  readonly values: readonly (string | number)[]
}

/** The facts of a namespace behind a sequence that a filter lets through. */
export const conditionsOf = (cipher: Cipher, namespace: number, after: number, filter: Filter): Conditions => {
  const conditions = ['namespace = ?', 'sequence > ?']
  const values: (string | number)[] = [namespace, after]
  const add = (condition: string, value: string | number | undefined): void => {
    if (value === undefined) return
    conditions.push(condition)
    values.push(value)
  }
  const among = (column: string, list: readonly string[] | undefined): void =>
    add(`${column} IN (SELECT value FROM json_each(?))`, list === undefined ? undefined : JSON.stringify(list))
  add('sequence < ?', filter.before)
  among('kind', filter.kinds)
  among('run', filter.runs)
  among('id', filter.ids)
  const named = (column: string, value: string | undefined): void =>
    add(`${column} = ?`, value === undefined ? undefined : cipher.encryptName(spaceOf(namespace), value))
  named('user', filter.user)
  named('session', filter.session)
  named('source', filter.source)
  if (filter.author !== undefined) {
    conditions.push(`(${saysInData(cipher)} = ? OR (kind = '${agentSays}' AND agent = ?))`)
    values.push(filter.author, cipher.encryptName(spaceOf(namespace), filter.author))
  }
  return { text: conditions.join(' AND '), values }
}

/** Who says so, where it stands in the data. */
const saysInData = (cipher: Cipher): string => `CASE ${authorFields.map(([kind, field]) => `WHEN kind = '${kind}' THEN ${textIn(dataExpression(cipher), field)}`).join(' ')} END`

const textIn = (data: string, field: string): string => `iif(json_valid(${data}), json_extract(${data}, '$.${field}'), NULL)`

/** Whether facts have to be looked at one after the other that the filter does not let through: no index knows a kind, a source or an author. */
export const isScan = ({ ids, runs, user, session, kinds, source, author }: Filter): boolean =>
  [ids, runs, user, session].every((value) => value === undefined) && [kinds, source, author].some((value) => value !== undefined)
