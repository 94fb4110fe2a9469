import { AutodidactError, wordsOf } from '../errors.ts'
import { described } from '../expect.ts'

/** What is known of how a run, or one decision of it, went, when somebody asks what it was worth. It exists only once there is a verdict. */
export interface Evidence {
  /** The verdict that counts, in [0, 1]: the strongest judge's. */
  readonly verdict: number
  /** What the strongest of correction, check, host and model says, in [0, 1]; absent when only users have spoken. */
  readonly success?: number
  /** Mean of the users' ratings, in [0, 1]; absent when nobody rated. */
  readonly rating?: number
  /** What people wrote in their feedback and did not take back. */
  readonly comments: readonly string[]
  readonly durationMs?: number
  /** Steps of the run; 0 before it is recorded. */
  readonly steps: number
  /** In the host's own currency unit. */
  readonly cost?: number
  readonly tokens?: number
}

/** Says what a decision was worth, by the evidence. Pure: the same evidence gives the same reward. */
export interface Reward {
  /** Another name, or other settings, is another reward: what was learned by one is not what is learned by the other. */
  readonly name: string
  readonly settings?: Readonly<Record<string, number>>
  /** In [0, 1]; what lies outside is cut off. Anything but a finite number is refused, and the verdict left out. */
  of(evidence: Evidence): number
  /** What it is made of, by name, each in [0, 1] and before it is weighed; absent for a reward of one piece. Shown, and never learned from. */
  parts?(evidence: Evidence): Readonly<Record<string, number>>
}

/**
 * What a reward gives, as a finite number in its own range.
 *
 * @param where for the message, such as ` for run "r1"`
 * @throws AutodidactError `INVALID_INPUT` when it fails or gives anything else
 */
export const numberOf = (reward: Reward, evidence: Evidence, where = ''): number => {
  let given: unknown
  try {
    given = reward.of(evidence)
  } catch (error) {
    throw new AutodidactError('INVALID_INPUT', `The reward "${reward.name}" failed${where}: ${wordsOf(error, !AutodidactError.is(error))} Its verdict is left out.`, { cause: error })
  }
  if (typeof given === 'number' && Number.isFinite(given)) return given
  // Nobody waits for it, and its failure must not end the program.
  if (given instanceof Promise) given.catch(() => undefined)
  const what = given instanceof Promise ? 'a promise' : described(given)
  throw new AutodidactError('INVALID_INPUT', `The reward "${reward.name}" gave ${what}${where}. It must give a finite number, at once; its verdict is left out.`)
}

/**
 * What a reward says it is made of: the verdict alone where it says nothing.
 *
 * @param where for the message, such as ` for run "r1"`
 * @throws AutodidactError `INVALID_INPUT` when it fails or gives anything else than finite numbers by name
 */
export const partsOf = (reward: Reward, evidence: Evidence, where = ''): Readonly<Record<string, number>> => {
  if (reward.parts === undefined) return { verdict: evidence.verdict }
  let given: unknown
  try {
    given = reward.parts(evidence)
    const parts = typeof given === 'object' && given !== null && !Array.isArray(given) && !(given instanceof Promise) ? Object.entries(given) : undefined
    if (parts?.every((part): part is [string, number] => typeof part[1] === 'number' && Number.isFinite(part[1])) === true) return Object.fromEntries(parts)
  } catch (error) {
    throw new AutodidactError('INVALID_INPUT', `The parts of the reward "${reward.name}" failed${where}: ${wordsOf(error, !AutodidactError.is(error))} They are left out, and what it is worth stands.`, { cause: error })
  }
  if (given instanceof Promise) given.catch(() => undefined)
  throw new AutodidactError('INVALID_INPUT', `The parts of the reward "${reward.name}" are no finite numbers by name${where}. They must be that, at once; they are left out, and what it is worth stands.`)
}
