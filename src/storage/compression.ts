import zlib from 'node:zlib'

/**
 * Below so many bytes a state is stored as it is: it saves less than a handful of pages. Above, a state takes between a third and a half of its size, and half a
 * millisecond a megabyte when it is loaded (docs/decisions/0032-versions-are-places-in-the-log.md).
 */
export const smallestCompressed = 16 * 1024

/** Between speed and size: level 1 leaves up to a fifth more, levels above 3 take several times as long for a few percent. */
const level = 3

/** How the bytes of a state are stored; null as they are. */
export type Compression = 'zstd' | null

/** A state as it is stored. */
export interface Compressed {
  readonly compression: Compression
  readonly bytes: Uint8Array
}

/** The bytes, smaller where that is worth while. */
export const compressed = (bytes: Uint8Array): Compressed => {
  if (bytes.length < smallestCompressed) return { compression: null, bytes }
  // Looked up here, because an older Node has none, and is told so by whoever opens a store.
  const smaller = zlib.zstdCompressSync(bytes, { params: { [zlib.constants.ZSTD_c_compressionLevel]: level } })
  return smaller.length < 0.9 * bytes.length ? { compression: 'zstd', bytes: smaller } : { compression: null, bytes }
}

/** Room that is made at once, at most: a damaged header could ask for any. */
const mostRoom = 64 * 1024 * 1024

/**
 * Room to expand a frame into at once: the size that its header states (RFC 8878, 3.1.1.1), and some bytes more, so that nothing is left to ask for. That takes half the time of pieces
 * of 16 kB that are joined, and leaves no pieces behind, by which the memory of a process is fragmented.
 *
 * @returns bytes; the usual 16 kB where the header does not state the size in two or four bytes, as it does for what {@link compressed} gives
 */
const roomFor = (frame: Uint8Array): number => {
  const usual = zlib.constants.Z_DEFAULT_CHUNK
  const [, , , , descriptor = 0] = frame
  const [flag, isSingleSegment] = [descriptor >> 6, (descriptor & 0b10_0000) !== 0]
  const at = isSingleSegment ? 5 : 6
  if ((flag !== 1 && flag !== 2) || frame.length < at + 4) return usual
  const view = new DataView(frame.buffer, frame.byteOffset)
  const stated = flag === 1 ? view.getUint16(at, true) + 256 : view.getUint32(at, true)
  return stated < mostRoom ? Math.max(usual, stated + 64) : usual
}

/**
 * The inverse of {@link compressed}.
 *
 * @returns undefined when it is damaged, or was made in a way that this version does not know
 */
export const expanded = (compression: unknown, bytes: Uint8Array): Uint8Array | undefined => {
  if (compression === null) return bytes
  if (compression !== 'zstd') return undefined
  try {
    return zlib.zstdDecompressSync(bytes, { chunkSize: roomFor(bytes) })
  } catch {
    return undefined
  }
}
