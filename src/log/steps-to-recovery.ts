/** Steps behind one that failed that learners look at: what was done about it is among them. Pruning keeps their inputs. */
export const stepsToRecovery = 5
