import { AutodidactError } from '../errors.ts'

const oldestNode = 24

const found = (): typeof import('node:sqlite') => {
  const { node } = process.versions
  // Not imported: in an older Node that would fail before anybody can say what to do.
  const sqlite = Number(node.split('.')[0]) < oldestNode ? undefined : process.getBuiltinModule('node:sqlite')
  if (sqlite !== undefined) return sqlite
  const next = `Run it with Node ${oldestNode} or later; "npm install node@${oldestNode}" brings one into the project for npx and npm scripts.`
  throw new AutodidactError('OLD_NODE', `Autodidact keeps its log in the SQLite of Node ${oldestNode}; this is Node ${node}. ${next}`)
}

/**
 * The SQLite that Node brings.
 *
 * @throws AutodidactError `OLD_NODE` when this module is imported, and Autodidact with it
 */
export const { backup, DatabaseSync } = found()
export type DatabaseSync = InstanceType<typeof DatabaseSync>
