import { expect, test } from 'vitest'
import { shownText, withoutCutWords } from './cut-words.ts'

const shown = shownText(['They may be wrong or outdated: read them twice.', 'Refunds need a second signature.'])

test.each([
  ['rong or outdated: read', ' or outdated: read'],
  ['“RONG or\noutdated, read', ' or\noutdated, read'],
  ['wrong or outdated: read', 'wrong or outdated: read'],
  ['wrong or outdated: re', 'wrong or outdated: '],
  ['nds need a second sig', ' need a second '],
  // Other words beside it, or too few.
  ['rong and outdated: read', 'rong and outdated: read'],
  ['rong or outdated', 'rong or outdated'],
  ['twice refunds need a', 'twice refunds need a'],
  ['', ''],
])('%j is whole as %j', (text, whole) => {
  expect(withoutCutWords(text, shown)).toBe(whole)
})
