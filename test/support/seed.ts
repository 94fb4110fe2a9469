import * as fc from 'fast-check'

/**
 * Property tests draw the same examples in every run, so that a change is judged by what it changes. `AUTODIDACT_SEED=random` explores new ones, and a
 * number repeats a run that failed.
 */
const wanted = process.env['AUTODIDACT_SEED'] ?? '20261121'

if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) })
