/** One thing a contract demands: a name, and a check that throws when it does not hold. Runs in any test runner. */
export interface Law {
  readonly name: string
  readonly check: () => void
}
