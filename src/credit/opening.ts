import { longestOpening } from '../log/longest-opening.ts'

/** The beginning of a task, at most 1,000 characters, in memory of its own: what V8 cuts off a text keeps the whole of it alive. */
export const openingOf = (task: string): string =>
  task.length > longestOpening ? Buffer.from(task.slice(0, longestOpening)).toString() : task
