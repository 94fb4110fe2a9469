/** The finalizer of MurmurHash3 (Austin Appleby, public domain): every bit of the input changes about half of the bits of the result. */
export const mixBits = (value: number): number => {
  let mixed = value
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

const continued = (hash: number, text: string): number => {
  let after = hash
  for (let index = 0; index < text.length; index += 1) after = Math.imul(after ^ text.charCodeAt(index), 0x01000193)
  return after
}

const begin = 0x811c9dc5

/** A 32-bit hash of a text: FNV-1a over its UTF-16 code units, then {@link mixBits}. The same on every machine; not for secrets. */
export const hashText = (text: string): number => mixBits(continued(begin, text))

/** {@link hashText} of a text and another behind it, which saves putting them together. */
export const hashTexts = (first: string, second: string): number => mixBits(continued(continued(begin, first), second))

/** 64 bits as 16 hexadecimal digits, for what must not be mistaken for something else by chance; not for secrets. */
export const longHash = (text: string): string => [hashText(text), hashTexts('again ', text)].map((hash) => hash.toString(16).padStart(8, '0')).join('')
