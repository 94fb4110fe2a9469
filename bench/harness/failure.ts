/** Something the person at the command line can put right: shown as its message, without a stack. */
export class BenchFailure extends Error {
  override readonly name = 'BenchFailure'
}
