import { AutodidactError } from '../errors.ts'

/**
 * One of two words on the same outcome would win without anybody being told. A score of exactly one half agrees with both.
 *
 * @throws AutodidactError `INVALID_INPUT` when a success has a score below one half, or a failure one above
 */
export const refuseContradiction = (what: string, { success, score }: { readonly success?: boolean | undefined; readonly score?: number | undefined }): void => {
  if (success === undefined || score === undefined || score === 0.5 || success === score > 0.5) return
  throw new AutodidactError(
    'INVALID_INPUT',
    `${what}: success is ${success}, and score is ${score}, which says the opposite. Nothing was written; leave one of them out, or make the score ${success ? 'at least' : 'at most'} .5.`,
  )
}
