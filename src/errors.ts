/** Every code an {@link AutodidactError} can carry, with what it means. Codes are stable; messages may be reworded. */
export const errorCodes = {
  INVALID_INPUT: 'a value has the wrong shape or range; the message names the field',
  UNKNOWN_ID: 'an id names nothing in this namespace',
  ID_CONFLICT: 'the same id was used before with other content',
  RUN_MISMATCH: 'an advice belongs to another run than the one named',
  NO_OPTIONS: 'a decision needs at least one option',
  DUPLICATE_OPTION: 'two options of one decision share an id',
  NOT_A_DATABASE: 'the file is not an Autodidact database',
  NEWER_VERSION: 'the file was written by a newer version',
  READ_ONLY: 'the file, its folder or the statement may only read',
  DISK_FULL: 'the disk or the quota is full',
  BUSY: 'another process held the file for longer than the retries',
  CANNOT_OPEN: 'the file cannot be opened or created',
  CORRUPT: 'the file is damaged',
  KEY_REQUIRED: 'the file is encrypted, and no key was given',
  WRONG_KEY: 'the key does not open the file',
  NOT_ENCRYPTED: 'a key was given for a file that is not encrypted',
  ALREADY_EXISTS: 'something is there already, and is replaced only when that is asked for',
  CLOSED: 'the instance was closed',
  STORAGE_FAILED: 'the storage failed in a way that has no code of its own',
  FORGOTTEN: 'the id belongs to something that was erased on request',
  CONFLICT: 'another writer changed the same subject in between',
  UNKNOWN_POLICY: 'no policy of that name is registered',
  UNKNOWN_REWARD: 'no reward of that name is registered',
  UNKNOWN_LEARNER: 'no learner of that name is registered',
  MODEL_FAILED: 'a model failed, did not answer in time, or answered with nothing',
  NOT_ALLOWED: 'the request is outside what this component may do',
  OLD_NODE: 'this Node is older than the package needs',
  LIMIT_EXCEEDED: 'a documented row, time or size limit was reached',
} as const

/** One of the keys of {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes

/** Whatever was thrown, in words. Somebody else's error may have a name and a message that are no texts, and must not fail once more for that. */
export const wordsOf = (error: unknown, named = true): string => {
  try {
    if (!(error instanceof Error)) return String(error)
    const { name, message }: { readonly name: unknown; readonly message: unknown } = error
    return named ? `${String(name)}: ${String(message)}` : String(message)
  } catch {
    return 'an error without words'
  }
}

/** The words of an error where a label says already that it is one. */
export const unlabelled = (words: string): string => words.replace(/^(?:Error: )+/, '')

const mark = Symbol.for('autodidact.error')

/**
 * The one error type of this package: a stable `code`, and a message that says what happened and what to do next.
 *
 * @example
 * ```ts
 * import { AutodidactError } from 'autodidact'
 *
 * const error = new AutodidactError('UNKNOWN_ID', 'No run "r1" here. Record the run first, or check the namespace.')
 * console.assert(AutodidactError.is(error) && error.code === 'UNKNOWN_ID')
 * ```
 */
export class AutodidactError extends Error {
  override readonly name = 'AutodidactError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
    Object.defineProperty(this, mark, { value: true })
  }

  /** True for errors of this type, also when two copies of the package are loaded. */
  static is(value: unknown): value is AutodidactError {
    return typeof value === 'object' && value !== null && mark in value
  }
}
