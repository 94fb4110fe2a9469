import { sep } from 'node:path'
import { isStore } from './files/file.ts'
import { restoreFolder } from './files/backup.ts'
import { FilesStorage } from './files/files-storage.ts'
import { removeUnused as removeUnusedFolder } from './files/remove-unused.ts'
import { restoreDatabase } from './sqlite/backup.ts'
import { removeUnused as removeUnusedDatabase } from './sqlite/remove-unused.ts'
import { SqliteStorage } from './sqlite/sqlite-storage.ts'
import type { BackupReceipt, BackupSettings, EncryptionSettings, Storage } from './storage.ts'

/** How a store is opened, whatever its kind. */
export interface StoreSettings {
  readonly durability?: 'normal' | 'full'
  readonly readOnly?: boolean
  readonly encryption?: EncryptionSettings
  /** Milliseconds since 1970-01-01 UTC. */
  readonly clock?: () => number
}

/** What a kind of store fills in to be opened by a path. */
interface StoreKind {
  /** True for a path that is of this kind by what lies there or how it is written. */
  readonly claims: (path: string) => boolean
  readonly open: (path: string, settings: StoreSettings) => Promise<Storage>
  /** Puts a backup of this kind in its place. */
  readonly restore: (from: string, to: string, settings: BackupSettings) => Promise<BackupReceipt>
  /** Removes a store that holds nothing and that nobody has open. Throws nothing: what cannot be removed stays. */
  readonly removeUnused: (path: string) => Promise<void>
}

/** Every kind by its name; the first that claims a path has it. */
const kinds = {
  files: {
    claims: (path) => path.endsWith('/') || path.endsWith(sep) || isStore(path),
    open: (path, settings) => FilesStorage.open(path, settings),
    restore: restoreFolder,
    removeUnused: removeUnusedFolder,
  },
  sqlite: {
    claims: () => true,
    open: (path, settings) => SqliteStorage.open(path, settings),
    restore: restoreDatabase,
    removeUnused: async (path) => removeUnusedDatabase(path),
  },
} satisfies Record<string, StoreKind>

/** The name of a kind of store. */
export type StoreName = keyof typeof kinds

/** Widened from the literal above, which has these keys and no others. */
export const storeNames = Object.keys(kinds) as [StoreName, ...StoreName[]]

/** The kind of store at a path: by its name, or by the path. */
export const storeAt = (path: string, name?: StoreName): StoreKind =>
  name === undefined ? (Object.values<StoreKind>(kinds).find(({ claims }) => claims(path)) ?? kinds.sqlite) : kinds[name]
