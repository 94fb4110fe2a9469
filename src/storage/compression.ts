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

/**
 * The inverse of {@link compressed}.
 *
 * @returns undefined when it is damaged, or was made in a way that this version does not know
 */
export const expanded = (compression: unknown, bytes: Uint8Array): Uint8Array | undefined => {
  if (compression === null) return bytes
  if (compression !== 'zstd') return undefined
  try {
    return zlib.zstdDecompressSync(bytes)
  } catch {
    return undefined
  }
}
