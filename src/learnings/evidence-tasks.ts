import { whole } from '../log/blobs.ts'
import type { Scope } from '../scope.ts'

/** What the runs that a learning names were about. */
export interface EvidenceTasks {
  readonly categories: ReadonlySet<string>
  /** In the order of the log. */
  readonly tasks: readonly string[]
}

/** Read from the log: no learning keeps words of tasks. */
export const evidenceTasks = async ({ storage, namespace }: Scope, runs: readonly string[]): Promise<EvidenceTasks> => {
  const [categories, tasks] = [new Set<string>(), new Array<string>()]
  for await (const page of storage.read('', { namespace, ids: runs })) {
    for (const fact of page) {
      if (fact.kind !== 'run.recorded') continue
      const { task, category } = (await whole(storage, fact, ['task'])).data
      tasks.push(task)
      if (category !== undefined) categories.add(category)
    }
  }
  return { categories, tasks }
}
