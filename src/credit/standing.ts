import type { Standing } from '../storage/storage.ts'
import type { Dossier } from './dossier.ts'

/**
 * How a run stands in recall: above one half it is an example, below it a warning, without a verdict or at exactly one half unverified. A
 * corrected run is an example too: of its correction.
 */
export const standingOf = (dossier: Dossier): Standing => {
  if (dossier.correction !== undefined) return 'success'
  const verdict = dossier.verdict
  if (verdict === undefined || verdict.reward === 0.5) return 'unverified'
  return verdict.reward > 0.5 ? 'success' : 'failure'
}
