import { AutodidactError } from '../errors.ts'

interface Said {
  readonly success?: boolean | undefined
  readonly score?: number | undefined
}

/** How two words on the same outcome contradict each other, as a sentence that begins with `what`; undefined where they do not. A score of exactly one half agrees with both. */
export const contradictionIn = ({ success, score }: Said, what: string): string | undefined =>
  success === undefined || score === undefined || score === 0.5 || success === score > 0.5 ? undefined : `${what}: success is ${success}, and score is ${score}, which says the opposite.`

/**
 * One of two words on the same outcome would win without anybody being told.
 *
 * @throws AutodidactError `INVALID_INPUT` when a success has a score below one half, or a failure one above
 */
export const refuseContradiction = (what: string, said: Said): void => {
  const contradiction = contradictionIn(said, what)
  if (contradiction === undefined) return
  throw new AutodidactError('INVALID_INPUT', `${contradiction} Nothing was written; leave one of them out, or make the score ${said.success === true ? 'at least' : 'at most'} .5.`)
}
