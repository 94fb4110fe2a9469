/** Characters of a task that are kept while its run waits for verdicts. */
const longestOpening = 1_000

/** The beginning of a task, at most 1,000 characters, in memory of its own: what V8 cuts off a text keeps the whole of it alive. */
export const openingOf = (task: string): string =>
  task.length > longestOpening ? Buffer.from(task.slice(0, longestOpening)).toString() : task
