import { assert as holds, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { errorTemplate, inputTerms } from './error-template.ts'

test.each([
  ['ENOENT: no such file, open "/tmp/a b.txt"', "ENOENT: no such file, open '/home/ada/x'"],
  ['segfault at 0x7fdb76a25b38 in worker 17', 'segfault at 0x00000000 in worker 3'],
  ['GET https://example.org/a/1 gave 503 after 1.5 s', 'GET http://localhost:80/ gave 502 after 30 s'],
  ['cannot read src/lib.rs:3:5', 'cannot read ./tests/rules/test_a.py:17:80'],
  ['object 3f2504e0-4f89-11d3-9a0c-0305e82c3301 is locked', 'object 7c9e6679-7425-40de-944b-e07fc1f90ae7 is locked'],
  ['image cd809b04b6ff is in use', 'image e5e2591040d1 is in use'],
  ['job run_01HZX7Q4ABCD was lost', 'job run_77AAX7Q4EFGH was lost'],
  ['clone of git@github.com:ada/one.git failed', 'clone of git@example.org:grace/two.git failed'],
  ['\u001b[31mbroken\u001b[0m pipe\n', 'broken   pipe'],
  ['<output>\nbroken pipe\n</output>', 'broken pipe'],
])('%j and %j are one error', (left, right) => {
  expect(errorTemplate(left)).toEqual(errorTemplate(right))
})

test.each([
  ['permission denied', 'no such file'],
  ["don't do that", "don't do this"],
])('%j and %j are two', (left, right) => {
  expect(errorTemplate(left).hash).not.toBe(errorTemplate(right).hash)
})

test('words that the tool was given are not the error', () => {
  const one = errorTemplate('cat: notes: Is a directory', 'cat notes')
  expect(one).toEqual(errorTemplate('cat: letters: Is a directory', 'cat letters'))
  expect(one.text).toBe('cat: <argument>: Is a directory')
})

test('a message without words has no terms', () => {
  for (const message of ['', ' \n', '<output>\n</output>', '404', '!!! /tmp/x 0xff', '"quoted"']) expect(errorTemplate(message).terms).toHaveLength(0)
})

test('anything becomes a template of bounded size, and quickly', () => {
  holds(
    property(string({ unit: 'binary', maxLength: 3000 }), (message) => {
      const { text, terms } = errorTemplate(message, message)
      expect(text.length).toBeLessThanOrEqual(200)
      expect(text.isWellFormed()).toBe(true)
      expect(terms.length).toBeLessThanOrEqual(64)
      expect(new Set(terms).size).toBe(terms.length)
      expect(inputTerms(message).length).toBeLessThanOrEqual(64)
    }),
  )
  // A pattern that goes back over what it has read would take hours here.
  for (const text of ['a/', '\\', '-', '1.', 'a@', "'", '`', 'http:', 'a1-']) expect(errorTemplate(text.repeat(500_000), text.repeat(500_000)).text.length).toBeLessThanOrEqual(200)
})
