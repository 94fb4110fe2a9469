/** Characters of a task that learners look at; pruning leaves as many. */
export const longestOpening = 1_000
