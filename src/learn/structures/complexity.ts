/** How much there is to a task, in three steps. */
export type Complexity = 'low' | 'medium' | 'high'

/** What is known of a task before it is done. */
export interface Workload {
  /** The task in words; as far as 200 characters it counts how long it is. */
  readonly description: string
  readonly category?: string | undefined
  readonly dependencies?: readonly string[] | undefined
  readonly effort?: number | undefined
}

/** Categories whose tasks touch what others rely on. */
const intricate: ReadonlySet<string> = new Set(['backend', 'database', 'integration', 'auth'])

const steps = ({ description, category = '', dependencies = [], effort = 1 }: Workload): number =>
  (description.length > 200 ? 2 : description.length > 100 ? 1 : 0) +
  dependencies.length +
  (effort > 5 ? 3 : effort > 2 ? 1 : 0) +
  (intricate.has(category) ? 2 : 0)

/**
 * How complex a task is, by points: its description (1 above 100 characters, 2 above 200), each dependency (1), its effort (1 above 2, 3 above 5; 1 where
 * nobody says), and a category that is known to be intricate (2). Low below 4 points, high from 7.
 */
export const complexityOf = (workload: Workload): Complexity => {
  const points = steps(workload)
  return points >= 7 ? 'high' : points >= 4 ? 'medium' : 'low'
}
