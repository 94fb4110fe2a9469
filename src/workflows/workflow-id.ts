import { textDigest } from '../log/canonical.ts'

/**
 * The id of a sequence of actions as an option of a choice point: the same in every process, and without a name in it. Facts of everybody hold such ids, and an
 * action may be called by the words of somebody who is forgotten one day; what an id stands for is only known from runs that had the sequence.
 */
export const workflowId = (actions: readonly string[]): string => `workflow:${textDigest(JSON.stringify(actions))}`
