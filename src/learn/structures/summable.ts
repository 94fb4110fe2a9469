/**
 * What is summed counts as no more than this: durations in milliseconds (32 years), costs, tokens. A sum that became infinite, or so large that what is added to it is lost
 * in rounding, could be neither saved nor brought back by taking out what was wrong.
 */
const largest = 1e12

/** An amount of 0 or more, as it is summed. */
export const summable = (amount: number): number => Math.min(amount, largest)
