import { AutodidactError } from '../errors.ts'
import type { Storage } from '../storage/storage.ts'

const attempts = 20

/**
 * What `read` makes of several reads of one namespace, all of them before or all of them after any erasure: when one came between, it reads again. What
 * is only added meanwhile may be seen or not.
 *
 * @throws AutodidactError `BUSY` after 20 attempts, and whatever `read` throws when nothing was erased meanwhile
 */
export const betweenErasures = async <Result>(storage: Storage, namespace: string, read: () => Promise<Result>): Promise<Result> => {
  let { epoch } = await storage.head(namespace)
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const result = await read().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    )
    const after = await storage.head(namespace)
    if (after.epoch === epoch) {
      if ('error' in result) throw result.error
      return result.value
    }
    epoch = after.epoch
  }
  throw new AutodidactError('BUSY', `"${namespace}" was erased from ${attempts} times while it was read. Try again when that is done.`)
}
