import { type Learner, optionModel, type Policy } from '../../src/index.ts'

/** The learner that a policy weighs with; the option model, which is always folded, where it brings none. */
export const learnerOf = (policy: Policy): Learner => policy.needs ?? optionModel
