import { assert, property, string, uint8Array } from 'fast-check'
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { AutodidactError } from '../errors.ts'
import { cipherOf, KeyedCipher, plaintext } from './cipher.ts'

const cipher = new KeyedCipher(randomBytes(32))

const codeOf = (work: () => unknown): string => {
  try {
    work()
    return 'none'
  } catch (error) {
    return AutodidactError.is(error) ? error.code : String(error)
  }
}

test('what is encrypted is read again by whoever has the key', () => {
  assert(
    property(string({ unit: 'binary' }), string(), uint8Array(), (text, space, bytes) => {
      const other = cipherOf(cipher.dataKey)
      expect(other.decrypt(space, 'a', cipher.encrypt(space, 'a', text))).toBe(text.toWellFormed())
      expect(other.decryptName(space, cipher.encryptName(space, text))).toBe(text.toWellFormed())
      expect(Buffer.from(other.decryptBytes(space, 'a', cipher.encryptBytes(space, 'a', bytes)))).toEqual(Buffer.from(bytes))
    }),
  )
})

test('content never looks the same twice, names do within a space and nowhere else', () => {
  expect(cipher.encrypt('1', 'a', 'text')).not.toBe(cipher.encrypt('1', 'a', 'text'))
  for (const hidden of (['encryptName', 'fingerprint', 'term'] as const).map((name) => (space: string, value: string) => cipher[name](space, value))) {
    expect(hidden('1', 'ada')).toBe(hidden('1', 'ada'))
    expect(hidden('1', 'ada')).not.toBe(hidden('2', 'ada'))
    expect(hidden('1', 'ada')).not.toBe(hidden('1', 'grace'))
    expect(hidden('a b', 'c')).not.toBe(hidden('a', 'b c'))
    expect(hidden('1', 'ada')).not.toContain('ada')
  }
  expect(cipher.fingerprint('1', 'ada')).not.toBe(new KeyedCipher(randomBytes(32)).fingerprint('1', 'ada'))
})

test('what was changed, moved, cut or made with another key does not decrypt', () => {
  const sealed = cipher.encryptBytes('1', 'fact a', Buffer.from('text'))
  expect(codeOf(() => cipher.decryptBytes('1', 'fact b', sealed))).toBe('CORRUPT')
  expect(codeOf(() => cipher.decryptBytes('2', 'fact a', sealed))).toBe('CORRUPT')
  expect(codeOf(() => new KeyedCipher(randomBytes(32)).decryptBytes('1', 'fact a', sealed))).toBe('CORRUPT')
  for (let length = 0; length < sealed.length; length += 1) expect(codeOf(() => cipher.decryptBytes('1', 'fact a', sealed.subarray(0, length)))).toBe('CORRUPT')
  for (let place = 0; place < sealed.length; place += 1) {
    const changed = Uint8Array.from(sealed, (byte, at) => (at === place ? byte ^ 1 : byte))
    expect(codeOf(() => cipher.decryptBytes('1', 'fact a', changed))).toBe('CORRUPT')
  }
  // A name is no content, and content no name.
  expect(codeOf(() => cipher.decryptName('1', cipher.encrypt('1', 'name', 'ada')))).toBe('CORRUPT')
  expect(codeOf(() => cipher.decrypt('1', 'name', cipher.encryptName('1', 'ada')))).toBe('CORRUPT')
})

test('a space may have the longest name that a namespace can have', () => {
  const [one, other] = ['漢'.repeat(512), `${'漢'.repeat(511)}字`]
  expect(cipher.decrypt(one, 'a', cipher.encrypt(one, 'a', 'text'))).toBe('text')
  expect(codeOf(() => cipher.decrypt(other, 'a', cipher.encrypt(one, 'a', 'text')))).toBe('CORRUPT')
  expect(cipher.fingerprint(one, 'x')).not.toBe(cipher.fingerprint(other, 'x'))
})

test('without a key everything stays as it is', () => {
  expect(cipherOf(undefined)).toBe(plaintext)
  const [text, bytes] = ['text', Uint8Array.of(1)]
  expect([plaintext.encrypt('1', 'a', text), plaintext.decrypt('1', 'a', text), plaintext.encryptName('1', text), plaintext.decryptName('1', text)]).toEqual(Array(4).fill(text))
  expect([plaintext.fingerprint('1', text), plaintext.term('1', text)]).toEqual([text, text])
  expect(plaintext.encryptBytes('1', 'a', bytes)).toBe(bytes)
  expect(plaintext.decryptBytes('1', 'a', bytes)).toBe(bytes)
})
