import { AutodidactError, wordsOf } from './errors.ts'

/** Something did not work and the agent may go on without it. */
export interface Warning {
  readonly code: string
  readonly message: string
}

/** The failure of the learning layer as a warning for an agent that goes on without it. */
export const warningOf = (error: unknown): Warning => ({
  code: AutodidactError.is(error) ? error.code : 'STORAGE_FAILED',
  message: wordsOf(error, false),
})
