/** Hashed sparse features: parallel arrays, each hash once, in ascending order. */
export interface Features {
  readonly hashes: Uint32Array
  readonly values: Float32Array
}

/**
 * Typed arrays as base64 text inside a fact: a feature vector of 20 hashes is 216 characters instead of about 400 as JSON numbers, and
 * float32 survives bit for bit. Little-endian on every machine that Node runs on.
 */
export const packBytes = (array: Uint32Array | Int32Array | Float32Array): string =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64')

/**
 * Short texts are decoded here and copied out once, since every decision of the log passes through: pooled buffers are not aligned to four bytes, so that an array
 * over one would need another copy.
 */
const room = new ArrayBuffer(16_384)
const [roomBytes, roomHashes, roomSigned, roomValues] = [Buffer.from(room), new Uint32Array(room), new Int32Array(room), new Float32Array(room)]

const fits = (text: string): boolean => text.length <= room.byteLength

/** Of a text of any length, in memory of its own. */
const bytesOf = (text: string): ArrayBuffer => {
  const decoded = Buffer.from(text, 'base64')
  const copy = new ArrayBuffer(decoded.byteLength - (decoded.byteLength % 4))
  new Uint8Array(copy).set(decoded.subarray(0, copy.byteLength))
  return copy
}

/** The inverse of {@link packBytes} for hashes. */
export const unpackHashes = (text: string): Uint32Array =>
  fits(text) ? roomHashes.slice(0, Math.floor(roomBytes.write(text, 'base64') / 4)) : new Uint32Array(bytesOf(text))

/**
 * Like {@link unpackHashes} for a few hashes that somebody compares and nobody keeps: an array of small integers (to V8, because of the sign) costs a fraction of a
 * typed array, whose memory lies elsewhere and is collected by itself.
 */
export const unpackSignedHashes = (text: string): number[] =>
  fits(text) ? Array.from(roomSigned.subarray(0, Math.floor(roomBytes.write(text, 'base64') / 4))) : Array.from(new Int32Array(bytesOf(text)))

/** The inverse of {@link packBytes} for values. */
export const unpackValues = (text: string): Float32Array =>
  fits(text) ? roomValues.slice(0, Math.floor(roomBytes.write(text, 'base64') / 4)) : new Float32Array(bytesOf(text))

/** How a feature vector stands in a fact. */
export interface PackedFeatures {
  readonly hashes: string
  readonly values: string
}

export const packFeatures = (features: Features): PackedFeatures => ({ hashes: packBytes(features.hashes), values: packBytes(features.values) })

export const unpackFeatures = (packed: PackedFeatures): Features => ({ hashes: unpackHashes(packed.hashes), values: unpackValues(packed.values) })
