import { expect, test } from 'vitest'
import { inShell } from './failure.ts'

test.each([
  ['Nothing new is known. Pass again: true to ask once more.', 'Nothing new is known. Pass --again to ask once more.'],
  ['"k" has no version 9. See knowledge.history("k").', '"k" has no version 9. See `autodidact knowledge history k`.'],
  ['See knowledge.list() for what there is.', 'See `autodidact knowledge list` for what there is.'],
  ['archive it (knowledge.prune).', 'archive it (`autodidact knowledge prune`).'],
  ['Merge them (knowledge.consolidate), or archive all but one.', 'Merge them (`autodidact knowledge consolidate`), or archive all but one.'],
  ['knowledge.import: "k" is a core rule. Look at it, and import with trusted: true.', 'knowledge.import: "k" is a core rule. Look at it, and import it with --trusted.'],
  ['knowledge.move("k", "experimental") brings it back', '`autodidact knowledge move k experimental` brings it back'],
  ['Take it back with knowledge.revert("k", …) or knowledge.move("k", "archived").', 'Take it back with `autodidact knowledge revert k --number N` or `autodidact knowledge move k archived`.'],
  ['Look at proposals.list() again.', 'Look at `autodidact review` again.'],
  ['Pass what knowledge.export({ format: "json" }) gave.', 'Pass what `autodidact knowledge export --format json` gave.'],
])('%s', (told, inCommands) => {
  expect(inShell(told)).toBe(inCommands)
})
