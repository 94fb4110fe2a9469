import type { Connection } from './connection.ts'
import type { TextIndex } from './text-index.ts'

/** Where something is done to a namespace: inside the caller's transaction. */
export interface Inside {
  readonly connection: Connection
  readonly index: TextIndex
  /** Number of the namespace. */
  readonly namespace: number
  /** Milliseconds since 1970. */
  readonly now: number
}
