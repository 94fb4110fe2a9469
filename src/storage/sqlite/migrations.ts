import type { DatabaseSync } from 'node:sqlite'
import { markKnowledge, textIndexMigration } from './text-tables.ts'
import { viewsMigration } from './views.ts'

/** 'Auto' in ASCII: marks the file as ours. */
export const applicationId = 0x4175746f

/**
 * Each entry brings the schema to the version of its place, counted from 1. An entry that was published is never changed; what must change is
 * a new entry.
 */
const migrations: readonly (string | ((database: DatabaseSync) => void))[] = [
  `
  CREATE TABLE namespaces (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    epoch INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  -- AUTOINCREMENT: without it SQLite gives the number of an erased last row away again, and a reader's cursor would skip the new one.
  CREATE TABLE facts (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    namespace INTEGER NOT NULL REFERENCES namespaces (number),
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    agent TEXT,
    agent_version TEXT,
    user TEXT,
    session TEXT,
    run TEXT,
    source TEXT NOT NULL,
    trust TEXT NOT NULL,
    digest TEXT NOT NULL,
    data TEXT NOT NULL,
    -- References to blobs, as JSON; NULL where there are none.
    blobs TEXT
  ) STRICT;
  CREATE UNIQUE INDEX facts_by_id ON facts (namespace, id);
  CREATE INDEX facts_by_namespace ON facts (namespace);
  CREATE INDEX facts_by_run ON facts (namespace, run) WHERE run IS NOT NULL;
  CREATE INDEX facts_by_user ON facts (namespace, user) WHERE user IS NOT NULL;
  CREATE INDEX facts_by_session ON facts (namespace, session) WHERE session IS NOT NULL;

  -- What was erased: enough to refuse its return, nothing of its content.
  CREATE TABLE tombstones (
    namespace INTEGER NOT NULL,
    id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    kind TEXT NOT NULL,
    erased_at INTEGER NOT NULL,
    PRIMARY KEY (namespace, id)
  ) STRICT, WITHOUT ROWID;

  -- One row for each erasure after which the file was not yet written anew.
  CREATE TABLE unproven_erasures (number INTEGER PRIMARY KEY AUTOINCREMENT, erased_at INTEGER NOT NULL) STRICT;

  CREATE TABLE option_sets (
    namespace INTEGER NOT NULL,
    key TEXT NOT NULL,
    options TEXT NOT NULL,
    PRIMARY KEY (namespace, key)
  ) STRICT, WITHOUT ROWID;
  -- How many decisions name a set; apart from the options, because a row is written anew as a whole.
  CREATE TABLE option_set_uses (
    namespace INTEGER NOT NULL,
    key TEXT NOT NULL,
    uses INTEGER NOT NULL,
    PRIMARY KEY (namespace, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE blobs (
    namespace INTEGER NOT NULL,
    hash TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (namespace, hash)
  ) STRICT;
  -- The facts that refer to a blob.
  CREATE TABLE blob_uses (
    namespace INTEGER NOT NULL,
    fact TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (namespace, fact, hash)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX blob_uses_by_hash ON blob_uses (namespace, hash);

  CREATE TABLE deadlines (
    namespace INTEGER NOT NULL,
    run TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (namespace, run)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deadlines_by_time ON deadlines (namespace, expires_at);

  CREATE TABLE snapshots (
    namespace INTEGER NOT NULL,
    learner TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (namespace, learner)
  ) STRICT;

  CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    token INTEGER NOT NULL,
    holder TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  ${textIndexMigration.join(';\n')};
  `,
  `
  -- How the bytes are compressed; NULL as they are.
  ALTER TABLE snapshots ADD COLUMN compression TEXT;
  -- What was learned is folded once more from the log, so that the rows below are those of all of it.
  DELETE FROM snapshots WHERE learner NOT LIKE '%#kept';

  -- What was saved once, without its content.
  CREATE TABLE saved_versions (
    namespace INTEGER NOT NULL,
    learner TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (namespace, learner, sequence)
  ) STRICT, WITHOUT ROWID;
  ${viewsMigration}
  `,
  `
  -- One row in a file whose payloads are encrypted: their key, encrypted with the key of the caller.
  CREATE TABLE encryption (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL,
    key_from TEXT NOT NULL,
    salt TEXT NOT NULL,
    wrapped TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- How far whoever follows the log has got.
  CREATE TABLE bookmarks (
    namespace INTEGER NOT NULL,
    name TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (namespace, name)
  ) STRICT, WITHOUT ROWID;
  `,
  markKnowledge,
]

export const schemaVersion = migrations.length

const versionOf = (database: DatabaseSync): number => Number(database.prepare('PRAGMA user_version').get()?.['user_version'])

/** True for a file that nothing was made in yet. */
export const isNew = (database: DatabaseSync): boolean => versionOf(database) === 0

/** Brings the schema to the present version, inside the caller's transaction. */
export const migrate = (database: DatabaseSync): void => {
  const current = versionOf(database)
  if (current >= schemaVersion) return
  for (const step of migrations.slice(current)) {
    if (typeof step === 'string') database.exec(step)
    else step(database)
  }
  database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}`)
}
