/** Most bytes of a result: texts as UTF-8, blobs, and {@link cellBytes} for each cell. */
export const maximumResultBytes = 64 * 2 ** 20

/** What a cell costs beside its text. */
const cellBytes = 16

/** About how much memory a cell takes, in bytes. */
export const bytesOf = (cell: unknown): number => {
  if (typeof cell === 'string') return cellBytes + Buffer.byteLength(cell)
  return cell instanceof Uint8Array ? cellBytes + cell.byteLength : cellBytes
}

/** By what the child process is known to have ended because a query took too much memory; nobody else sends it. */
export const outOfMemorySignal = 'SIGUSR2'
