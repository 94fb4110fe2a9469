import { resolve } from 'node:path'

/** Where the shared test data lies: `AUTODIDACT_DATA`, or `../shared/data` beside the repository. It may be absent. */
export const dataRoot = resolve(import.meta.dirname, '../..', process.env.AUTODIDACT_DATA ?? '../shared/data')
