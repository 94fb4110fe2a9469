import type { Ask } from '../decide/policy.ts'
import { hashText } from '../learn/hash.ts'
import type { DecisionSettled } from '../learn/learner.ts'
import { createOptionModel, type OptionModelState, type OptionModelView } from '../learn/learners/option-model.ts'

/** Parts that the runs of a log fall into. */
const folds = 5

const model = createOptionModel()

const foldOf = (run: string): number => hashText(`fold ${run}`) % folds

/**
 * q̂ by cross-fitting: what each option is expected to earn, by an option model that has learned from all runs but those of the same fifth. A model that had
 * seen the very reward it is compared with would hide its own errors.
 *
 * Source: Chernozhukov et al. 2018, "Double/debiased machine learning".
 */
export class CrossFittedRewards {
  readonly #states: OptionModelState[] = Array.from({ length: folds }, () => model.initial())
  #views: readonly OptionModelView[] | undefined

  learn(settled: DecisionSettled): void {
    const own = foldOf(settled.run)
    for (const [fold, state] of this.#states.entries()) if (fold !== own) model.learn(state, settled)
  }

  /** Expected reward of each option in [0, 1], aligned with `ask.options`, from the runs outside the fifth of this one. */
  expected(run: string, ask: Ask): Float64Array {
    this.#views ??= this.#states.map((state) => model.view(state))
    return this.#views[foldOf(run)]?.expected(ask) ?? new Float64Array(ask.options.length)
  }
}
