import * as fc from 'fast-check'
// Here, since a set-up file is loaded again for each file of tests, and what it imports is not: one hook a process is enough.
import './package-names.ts'

/**
 * Property tests draw the same examples in every run, so that a change is judged by what it changes. `AUTODIDACT_SEED=random` explores new ones, and a
 * number repeats a run that failed.
 */
const wanted = process.env['AUTODIDACT_SEED'] ?? '20261121'

if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) })
