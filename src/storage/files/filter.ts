import type { Filter } from '../storage.ts'
import type { Row } from './rows.ts'

/** Whether a filter lets a fact of its namespace through. */
export const conditionOf = (filter: Filter): ((row: Row) => boolean) => {
  const { user, session, source, author } = filter
  const conditions: ((row: Row) => boolean)[] = []
  const among = (list: readonly string[] | undefined, valueOf: (row: Row) => string | undefined): void => {
    if (list === undefined) return
    const wanted: ReadonlySet<string | undefined> = new Set(list)
    conditions.push((row) => wanted.has(valueOf(row)))
  }
  among(filter.kinds, (row) => row.kind)
  among(filter.runs, (row) => row.run)
  among(filter.ids, (row) => row.id)
  if (user !== undefined) conditions.push((row) => row.user === user)
  if (session !== undefined) conditions.push((row) => row.session === session)
  if (source !== undefined) conditions.push((row) => row.source === source)
  if (author !== undefined) conditions.push((row) => row.author === author)
  return (row) => conditions.every((holds) => holds(row))
}
