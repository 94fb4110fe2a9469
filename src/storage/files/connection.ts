import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AutodidactError } from '../../errors.ts'
import { type Cipher, cipherOf } from '../../encryption/cipher.ts'
import { dataKeyOf, expectSecret, newDataKey, wrapKey } from '../../encryption/key.ts'
import type { EncryptionSettings } from '../storage.ts'
import { closed, translated } from './errors.ts'
import { type Description, isStore, isVacant, leftovers, newDescription, readDescription, refuseForeign, refuseUnfit, writeDescription } from './file.ts'
import { Lock } from './lock.ts'

/** What a confirmed write survives: `normal` the death of the process, `full` also the loss of power (a disk flush a write). */
export type Durability = 'normal' | 'full'

/** How a folder is opened. */
export interface Opening {
  readonly durability: Durability
  /** True: for reading; false: for writing, or not at all; undefined: for writing where this user may, otherwise for reading. */
  readonly readOnly?: boolean | undefined
  readonly encryption?: EncryptionSettings | undefined
}

/** Of a folder that is a store. */
const mayWrite = (folder: string): boolean => {
  try {
    const data = join(folder, readDescription(folder).data)
    for (const path of [folder, data, ...readdirSync(data).map((name) => join(data, name))]) accessSync(path, constants.W_OK)
    return true
  } catch (error) {
    if (AutodidactError.is(error)) throw error
    return false
  }
}

/** An open folder: who may write to it, how it is encrypted, and where its logs lie. */
export class Connection {
  /** Absolute: the process may change its working folder. */
  readonly folder: string
  readonly durability: Durability
  /** True when nothing can be written through it. */
  readonly readOnly: boolean
  readonly cipher: Cipher
  readonly #lock: Lock | undefined
  #description: Description
  #open = true

  private constructor(folder: string, opening: Opening, description: Description, cipher: Cipher, lock: Lock | undefined) {
    this.folder = folder
    this.durability = opening.durability
    this.readOnly = lock === undefined
    this.cipher = cipher
    this.#description = description
    this.#lock = lock
  }

  /** @throws AutodidactError `NOT_A_DATABASE`, `NEWER_VERSION`, `READ_ONLY`, `CANNOT_OPEN`, `CORRUPT`, `DISK_FULL`, `BUSY`, `KEY_REQUIRED`, `WRONG_KEY`, `NOT_ENCRYPTED` */
  static async open(path: string, opening: Opening): Promise<Connection> {
    refuseUnfit(path)
    expectSecret(opening.encryption)
    const folder = resolve(path)
    try {
      refuseForeign(folder)
      if (opening.readOnly === true || (opening.readOnly === undefined && isStore(folder) && !mayWrite(folder))) return await Connection.#forReading(folder, opening)
      return await Connection.#forWriting(folder, opening)
    } catch (error) {
      throw translated(error, path)
    }
  }

  static async #forReading(folder: string, opening: Opening): Promise<Connection> {
    if (!isStore(folder)) throw new AutodidactError('CANNOT_OPEN', `There is no store in "${folder}" to read. Check the path, or open it without readOnly to create it.`)
    const description = readDescription(folder)
    return new Connection(folder, opening, description, cipherOf(await dataKeyOf(description.encryption, opening.encryption, folder)), undefined)
  }

  static async #forWriting(folder: string, opening: Opening): Promise<Connection> {
    if (!existsSync(folder)) mkdirSync(folder)
    const lock = await Lock.acquire(folder)
    try {
      // Whoever had the lock until now may have made it.
      if (isVacant(folder)) await create(folder, opening.encryption)
      const description = readDescription(folder)
      const cipher = cipherOf(await dataKeyOf(description.encryption, opening.encryption, folder))
      for (const name of leftovers(folder, description)) rmSync(join(folder, name), { recursive: true })
      mkdirSync(join(folder, description.data), { recursive: true })
      removeUnfinished(join(folder, description.data))
      return new Connection(folder, opening, description, cipher, lock)
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /** The folder with the logs. */
  get data(): string {
    return join(this.folder, this.#description.data)
  }

  get description(): Description {
    return this.#description
  }

  /** Has another key open the folder from now on. */
  async rotateKey(next: EncryptionSettings): Promise<void> {
    this.expectWritable()
    const dataKey = this.cipher.dataKey
    if (dataKey === undefined) throw new AutodidactError('NOT_ENCRYPTED', `${this.folder} is not encrypted. Copy it to a new folder with a key (copyStore, or "autodidact copy").`)
    const encryption = await wrapKey(dataKey, next)
    this.expectOpen()
    const description = { ...this.#description, encryption }
    writeDescription(this.folder, description)
    this.#description = description
  }

  /** For a reader: another process may have restored a backup in the place of what was read. */
  refresh(): void {
    this.#description = readDescription(this.folder)
  }

  expectOpen(): void {
    if (!this.#open) throw closed(this.folder)
  }

  expectWritable(): void {
    this.expectOpen()
    if (!this.readOnly) return
    const next = 'Nothing was written. Give this user the right to write to all of it, and open it again, without readOnly.'
    throw new AutodidactError('READ_ONLY', `${this.folder} was opened for reading. ${next}`)
  }

  close(): void {
    this.#open = false
    this.#lock?.release()
  }
}

/** What a killed process was writing beside its place: copies that would outlive what is forgotten. */
const removeUnfinished = (folder: string): void => {
  for (const name of readdirSync(folder)) if (name.endsWith('.next')) rmSync(join(folder, name))
}

/** The description comes first: what a folder without one holds is not ours. */
const create = async (folder: string, encryption: EncryptionSettings | undefined): Promise<void> =>
  writeDescription(folder, newDescription(encryption === undefined ? undefined : await wrapKey(newDataKey(), encryption)))
