import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { name } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'

/** What somebody has made of the log, to start from instead of reading all of it again. */
export interface KeptState {
  /** Of the last fact that went into it. */
  readonly sequence: number
  /** Of the log that was read, as {@link Autodidact.head} says. */
  readonly epoch: number
  readonly bytes: Uint8Array
}

const leaseMs = 30_000

const keptState = z.strictObject({
  sequence: z.number().int().min(0),
  epoch: z.number().int().min(0),
  bytes: z.instanceof(Uint8Array),
})

/** Learners keep their snapshots under `name@version`, which never ends like this. */
const keyOf = (given: string): string => `${given}#kept`

/**
 * What was kept under a name last, unless a fact that went into it was erased or lost since.
 *
 * @throws AutodidactError `INVALID_INPUT`, and what the storage throws
 */
export const kept = async ({ storage, namespace }: Scope, given: string): Promise<KeptState | undefined> => {
  const snapshot = await storage.snapshots.load(namespace, keyOf(validated(name, given, 'kept: name')))
  // One that lies beyond the end is of a log that lost its last facts.
  if (snapshot === undefined || snapshot.sequence > (await storage.head(namespace)).sequence) return undefined
  return { sequence: snapshot.sequence, epoch: snapshot.epoch, bytes: snapshot.bytes }
}

/**
 * Keeps a state under a name, in place of the one before. A state is a short cut only, so what stands in its way is no error: false, if the store is volatile or
 * may only be read, another process is just keeping one, or facts were erased since.
 *
 * @param make is only called when there is somewhere to keep it; its state is not kept if a later one is there
 * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `DISK_FULL`, `CLOSED`, and what `make` throws
 */
export const keep = async ({ storage, namespace }: Scope, given: string, make: () => KeptState | Promise<KeptState>): Promise<boolean> => {
  const key = keyOf(validated(name, given, 'keep: name'))
  if (!storage.capabilities.persistent || storage.capabilities.readOnly === true) return false
  const lease = await storage.leases.acquire(`kept:${namespace}:${given}`, leaseMs)
  if (lease === undefined) return false
  try {
    const state = validated(keptState, await make(), 'keep: state')
    const { sequence, epoch } = await storage.head(namespace)
    if (epoch !== state.epoch) return false
    if (state.sequence > sequence) {
      throw new AutodidactError('INVALID_INPUT', `keep: state.sequence is ${state.sequence}, and the log ends at ${sequence}. Pass that of the last fact that went into it.`)
    }
    await storage.snapshots.save([{ namespace, learner: key, ...state }], lease)
    return true
  } catch (error) {
    if (AutodidactError.is(error) && error.code === 'CONFLICT') return false
    throw error
  } finally {
    await storage.leases.release(lease)
  }
}
