import { AutodidactError, type ErrorCode } from '../../../src/errors.ts'

/** What is wrong with a call is told by one of these, never by a failure of the store. */
const refusals: readonly ErrorCode[] = [
  'INVALID_INPUT', 'NO_OPTIONS', 'DUPLICATE_OPTION', 'RUN_MISMATCH', 'UNKNOWN_ID', 'UNKNOWN_LEARNER', 'UNKNOWN_POLICY', 'UNKNOWN_REWARD', 'ID_CONFLICT', 'FORGOTTEN', 'CANNOT_OPEN', 'NOT_A_DATABASE', 'NOT_ALLOWED', 'LIMIT_EXCEEDED',
]

export const isPolluted = (): boolean => 'polluted' in {}

/** What came of a call, as far as it is not as it should be; undefined when it is. */
export const complaintOf = async (call: () => unknown): Promise<{ readonly refused: boolean; readonly complaint?: string }> => {
  try {
    const result: unknown = await call()
    const warned = typeof result === 'object' && result !== null && 'warnings' in result && Array.isArray(result.warnings) && result.warnings.length > 0
    return { refused: false, ...(warned ? { complaint: `fell back: ${JSON.stringify(result.warnings)}` } : {}) }
  } catch (error) {
    if (!AutodidactError.is(error)) return { refused: true, complaint: `not one of our errors: ${error instanceof Error ? error.stack : String(error)}` }
    if (!refusals.includes(error.code)) return { refused: true, complaint: `${error.code}: ${error.message}` }
    return { refused: true, ...(error.message.length > 700 ? { complaint: `a message of ${error.message.length} characters` } : {}) }
  }
}
