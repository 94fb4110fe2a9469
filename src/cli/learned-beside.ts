/** Where an assistant learns about a database unless it is told: beside it, so that it is still there after the next start of the machine. */
export const learnedBeside = (database: string): string => `${database}.learned.db`
