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
  ['See workflows.list() for those that there are.', 'See `autodidact workflows` for those that there are.'],
  ['See learnings.list() for those that there are.', 'See `autodidact learnings` for those that there are.'],
  ['Name a version of "states.list", or a place before that end.', 'Name a version of `autodidact state list`, or a place before that end.'],
  ['Take one back with preferences.unset, or change one.', 'Take one back with `autodidact preferences unset`, or change one.'],
  ['Tell of uses with knowledge.use, or let a person do it with trust: "user".', 'Tell of uses with `autodidact knowledge use`, or let a person do it with --trust user.'],
  ['Look at proposals.list() again.', 'Look at `autodidact review` again.'],
  ['Pass what knowledge.export({ format: "json" }) gave.', 'Pass what `autodidact knowledge export --format json` gave.'],
])('%s', (told, inCommands) => {
  expect(inShell(told)).toBe(inCommands)
})
