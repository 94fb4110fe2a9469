/**
 * What may import what below `src/`, as data. An entry is a folder (`learn/`) or a file (`errors.ts`); the longest entry that matches a
 * file is its own, and it may import itself and whatever starts with one of `may`. Everything not listed is forbidden.
 */
export interface Layer {
  readonly path: string
  readonly may: readonly string[]
  readonly because: string
}

const bottom = ['errors.ts', 'warning.ts', 'expect.ts', 'next-turn.ts']
const log = [...bottom, 'log/', 'storage/storage.ts']
/** Pure functions that several layers need; each has an entry of its own below that keeps it at the bottom. */
const shared = ['statistics/', 'text/', 'decide/random.ts', 'echo/']
const learning = [...log, ...shared, 'learn/', 'credit/', 'decide/policy.ts', 'scope.ts']
const verbs = ['record/', 'recall/', 'decide/', 'feedback/', 'forget/', 'evaluate/', 'train/', 'advise/', 'run/', 'explain/', 'report/', 'export/', 'keep/', 'backup/', 'copy/', 'rotate-key/', 'knowledge/', 'preferences/', 'share/', 'patterns/', 'workflows/', 'learnings/', 'state/', 'fixes/', 'import/', 'improve/', 'reflect/', 'audit/', 'foreign/']
const stores = ['storage/sqlite/', 'storage/files/', 'storage/postgres/', 'storage/huggingface/']
const product = [...learning, ...verbs, 'models/', 'autodidact.ts']
const outer = [...product, 'index.ts', 'agents/']

const verb = (path: string, also: readonly string[], because: string): Layer => ({ path, may: [...learning, 'models/', ...also], because })

const edge = (path: string, because: string): Layer => ({ path, may: outer, because })

const store = (path: string): Layer => ({ path, may: [...log, ...shared, 'processes.ts', 'encryption/', 'storage/node-sqlite.ts', 'storage/compression.ts'], because: 'a store implements the port and knows no other store and no verb' })

export const layers: readonly Layer[] = [
  { path: 'errors.ts', may: [], because: 'everybody imports it, so it imports nobody' },
  { path: 'expect.ts', may: ['errors.ts'], because: 'every public function may refuse what it is given' },
  { path: 'next-turn.ts', may: [], because: 'a pause is a pause' },
  { path: 'processes.ts', may: [], because: 'whether a process is still there is asked of the system' },
  { path: 'warning.ts', may: ['errors.ts'], because: 'an error that does not stop the agent' },
  { path: 'text/', may: bottom, because: 'what a text is made of: stores rank by it while they search, and learners group by it' },
  { path: 'decide/random.ts', may: bottom, because: 'seeded numbers are shared by everybody, so they import nobody' },
  { path: 'statistics/', may: ['expect.ts'], because: 'intervals and tests are mathematics: they know numbers and nothing of the log, and learners judge by them too' },
  { path: 'echo/', may: bottom, because: 'who shows text and who takes it out again must recognise it alike' },

  { path: 'storage/storage.ts', may: ['errors.ts', 'log/'], because: 'the port speaks of facts and of nothing above them' },
  { path: 'storage/stores.ts', may: ['storage/storage.ts', ...stores], because: 'which store there is at a path; each fills in the same form' },
  ...stores.map(store),
  { path: 'storage/node-sqlite.ts', may: ['errors.ts'], because: 'the SQLite of Node, for the store on it and for locks; it only says what an older Node lacks' },
  { path: 'storage/compression.ts', may: [], because: 'bytes made smaller, for every store alike' },
  { path: 'encryption/', may: ['errors.ts', 'storage/storage.ts'], because: 'keys and ciphers, for every store alike' },
  { path: 'log/', may: log, because: 'the log sits on the storage port only, never on a store' },

  {
    path: 'learn/learners/',
    may: [...bottom, ...shared, 'log/', 'learn/learner.ts', 'learn/structures/', 'learn/features.ts', 'learn/hash.ts', 'decide/policy.ts'],
    because: 'a learner is pure: it knows data structures and what a policy asks of its view, but no storage and no verb',
  },
  { path: 'learn/learner.ts', may: ['log/'], because: 'the contract of learners, which stands on facts alone' },
  { path: 'learn/', may: [...log, ...shared, 'learn/', 'credit/', 'decide/policy.ts'], because: 'learning folds the log; it does not know who asks' },
  { path: 'learn/reactors/', may: [...learning, 'models/'], because: 'an effect may ask a model, and answers with facts' },
  { path: 'credit/', may: [...log, ...shared, 'learn/learner.ts', 'learn/features.ts', 'learn/hash.ts', 'scope.ts'], because: 'the join of what was done and what was said of it; learning streams it' },
  { path: 'decide/policy.ts', may: ['learn/learner.ts', 'decide/random.ts', 'warning.ts'], because: 'the contract of policies, which learners know too' },
  {
    path: 'scope.ts',
    may: [...log, ...shared, 'learn/', 'models/model.ts', 'reflect/settings.ts', 'credit/rules.ts', 'credit/reward.ts', 'decide/policy.ts', 'decide/policies.ts', 'decide/rewards.ts', 'decide/option-sets.ts'],
    because: 'what all verbs are given; it holds types and knows none of them',
  },
  { path: 'models/', may: bottom, because: 'a model or embedder knows nothing of the log' },

  verb('record/', [], 'a verb knows no other verb'),
  verb('recall/', [], 'a verb knows no other verb'),
  verb('decide/', [], 'a verb knows no other verb'),
  verb('feedback/', [], 'a verb knows no other verb'),
  verb('knowledge/', ['recall/knowledge-wanted.ts', 'recall/prompt.ts', 'import/bytes.ts'], 'what is listed is chosen as what is recalled, what comes back is compared with how it stood in a prompt, and files are read as everywhere'),
  { path: 'import/bytes.ts', may: bottom, because: 'bytes of files, for everybody who reads some' },
  { path: 'reflect/settings.ts', may: ['log/', 'models/model.ts', 'knowledge/rule.ts'], because: 'how proposals become rules, for whoever opens an instance too' },
  verb('reflect/', ['record/', 'recall/', 'knowledge/'], 'reflection shows what was recorded and what is known, and writes knowledge'),
  verb('share/', ['knowledge/', 'recall/knowledge-wanted.ts', 'recall/popularity.ts'], 'what is shared is knowledge, and seen as what is recalled'),
  verb('preferences/', [], 'a verb knows no other verb'),
  verb('forget/', ['knowledge/input.ts', 'share/bookmarks.ts', 'share/share.ts'], 'what everybody names is nobody\'s, and places of subscriptions go with whom they are of'),
  verb('export/', ['forget/selection.ts', 'share/bookmarks.ts'], 'what is known about a user is what forgetting them would erase'),
  verb('fixes/', ['recall/knowledge-wanted.ts'], 'what people told is offered where it would be recalled'),
  verb('import/', ['record/'], 'an import records what others have done'),
  verb('foreign/', ['knowledge/', 'storage/node-sqlite.ts'], 'what another program remembers becomes knowledge'),
  verb('audit/', ['knowledge/', 'foreign/'], 'an audit looks at knowledge, of whomever'),
  verb('keep/', [], 'a verb knows no other verb'),
  verb('state/', ['record/', 'feedback/'], 'what was learned, saved, looked at and taken back; an interaction is a record with its feedback'),
  verb('backup/', ['storage/stores.ts'], 'what is restored is not open, so its store is found by its path'),
  verb('copy/', ['storage/stores.ts', 'encryption/input.ts', 'record/', 'knowledge/'], 'a copy goes from one store to another, found by their paths; rows of the index are made as those who write facts make them'),
  verb('rotate-key/', ['encryption/'], 'a verb knows no other verb'),
  verb('train/', [], 'a verb knows no other verb'),
  verb('advise/', ['recall/', 'decide/', 'preferences/'], 'advise is recall and decide, logged, with what its user prefers'),
  verb('run/', ['advise/', 'record/'], 'run is advise, the work of the agent, and record'),
  verb('explain/', ['recall/', 'decide/', 'feedback/'], 'explain retells what recall, decide and feedback did'),
  verb('evaluate/', ['decide/', 'feedback/'], 'evaluation replays decisions and rewards through other policies'),
  verb('patterns/', [], 'a verb knows no other verb'),
  verb('learnings/', ['knowledge/'], 'what recurs may be kept as knowledge'),
  verb('workflows/', ['evaluate/'], 'a workflow earns its place in an experiment'),
  verb('report/', ['decide/', 'evaluate/', 'feedback/', 'fixes/'], 'a report shows what evaluation measures and fixes that are offered, and tells of decisions as decide wrote them'),
  verb('improve/', ['evaluate/', 'export/', 'report/', 'state/'], 'housekeeping looks at what was measured, prunes, and proposes what to export'),

  {
    path: 'instance/',
    may: [...learning, 'models/', 'decide/', 'evaluate/experiments/', 'patterns/recommendation.ts', 'workflows/workflow.ts', 'reflect/settings.ts', 'learnings/settings.ts', 'storage/stores.ts', 'encryption/input.ts'],
    because: 'one open store: how it is set, who learns and decides in it, and the scope of each namespace; it calls no verb',
  },
  {
    path: 'autodidact.ts',
    may: [...learning, ...verbs, 'storage/stores.ts', 'instance/', 'models/'],
    because: 'the composition: a store goes in, the verbs come out; it knows no surface',
  },
  { path: 'index.ts', may: [...product, ...stores, 'storage/stores.ts'], because: 'the public API; it knows no surface' },

  { path: 'agents/', may: [...product, 'processes.ts', 'agents/'], because: 'ready-made agents stand on the verbs, not on a store' },
  edge('adapters/', 'a surface: the same verbs for a framework'),
  edge('server/', 'a surface: the same verbs over HTTP'),
  edge('mcp/', 'a surface: the same verbs over MCP'),
  { path: 'cli/', may: [...outer, 'storage/stores.ts', 'server/', 'mcp/'], because: 'the shell starts the other surfaces too, and takes away a store that it made for nothing' },

  { path: 'testing/', may: [...outer, ...stores], because: 'contract suites run everything; nothing imports them' },
]

/** What lies outside `src/` and may be imported from inside it. */
export const outside: readonly Layer[] = [{ path: 'cli/', may: ['examples/shop/'], because: '`autodidact demo` brings its own shop' }]

/** Packages and builtins that only some folders may import; all others are free. */
export interface Confined {
  readonly module: string
  readonly to: readonly string[]
  readonly because: string
}

export const confined: readonly Confined[] = [
  { module: 'node:sqlite', to: ['storage/sqlite/', 'storage/node-sqlite.ts', 'agents/', 'cli/', 'testing/'], because: 'the driver of one store; an agent may read its user’s database' },
  { module: 'commander', to: ['cli/'], because: 'command-line parsing' },
  { module: 'cli-progress', to: ['cli/'], because: 'terminal output' },
  { module: 'cli-table3', to: ['cli/'], because: 'terminal output' },
  { module: 'asciichart', to: ['cli/'], because: 'terminal output' },
  { module: 'vitest', to: ['testing/'], because: 'a test runner' },
  { module: 'fast-check', to: ['testing/'], because: 'a test library' },
]
