import type { Settlement } from '../credit/credit.ts'
import type { Dossier } from '../credit/dossier.ts'
import type { Snapshot, Worth } from '../storage/storage.ts'

/** So many are written down at once, before the log has been folded to its end: some 100 bytes each until then. */
const mostPending = 20_000

/** What became known of runs and decisions since it was last written down beside a snapshot. */
export class Worths {
  /** Of the last fact from which something was noted. */
  sequence: number
  /** By the sequence of the run or decision. */
  #pending = new Map<number, Worth>()

  /** @param sequence up to which everything was written down */
  constructor(sequence: number) {
    this.sequence = sequence
  }

  get full(): boolean {
    return this.#pending.size >= mostPending
  }

  /** Notes what one fact of a run has changed; what lies before its place is written down already. */
  note(dossier: Dossier, settled: number, settlements: readonly Settlement[]): void {
    if (settled <= this.sequence) return
    for (const settlement of settlements) {
      if (settlement.kind !== 'decision.settled') continue
      const decision = dossier.decisions.get(settlement.decision)
      if (decision === undefined) continue
      const { reward, weight = 1 } = settlement.current ?? {}
      this.#pending.set(decision.sequence, { sequence: decision.sequence, settled, reward, weight })
    }
    if (dossier.recorded === undefined || (settlements.length === 0 && !dossier.judged)) return
    const { reward, weight = 1, parts } = dossier.earned ?? {}
    const { sequence } = dossier.recorded
    this.#pending.set(sequence, { sequence, settled, reward, weight, parts })
  }

  /** A fact was seen with all that it settled. */
  passed(sequence: number): void {
    this.sequence = Math.max(this.sequence, sequence)
  }

  /** What is to be written, as a snapshot of nothing but its place; nothing is left. */
  take(place: Pick<Snapshot, 'namespace' | 'learner' | 'epoch'>): Snapshot & { readonly worths: readonly Worth[] } {
    const worths = [...this.#pending.values()]
    this.#pending = new Map()
    return { ...place, sequence: this.sequence, bytes: new Uint8Array(), worths }
  }

  /** What could not be written, unless something later is known by now. */
  putBack(taken: readonly Worth[]): void {
    for (const worth of taken) if (!this.#pending.has(worth.sequence)) this.#pending.set(worth.sequence, worth)
  }
}
