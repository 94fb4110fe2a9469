import { longestSequence } from '../learn/structures/sequence-counts.ts'
import type { JudgedRun } from './found.ts'

/** A sequence of neighbouring actions, and the runs that had it. */
export interface Sequence {
  readonly actions: readonly string[]
  readonly runs: readonly JudgedRun[]
}

interface Node {
  readonly parent: Node | undefined
  readonly action: string
  readonly length: number
  readonly children: Map<string, Node>
  /** Each once, in the order of the log. */
  readonly runs: JudgedRun[]
}

const newNode = (parent: Node | undefined, action: string): Node => ({ parent, action, length: parent === undefined ? 0 : parent.length + 1, children: new Map(), runs: [] })

const childOf = (node: Node, action: string): Node => {
  const known = node.children.get(action)
  if (known !== undefined) return known
  const child = newNode(node, action)
  node.children.set(action, child)
  return child
}

const count = (root: Node, run: JudgedRun): void => {
  for (let start = 0; start < run.actions.length; start += 1) {
    let node = root
    for (const action of run.actions.slice(start, start + longestSequence)) {
      node = childOf(node, action)
      if (node.runs.at(-1) !== run) node.runs.push(run)
    }
  }
}

const actionsOf = (node: Node): string[] => {
  const actions: string[] = []
  for (let at = node; at.parent !== undefined; at = at.parent) actions.unshift(at.action)
  return actions
}

const find = (root: Node, actions: readonly string[]): Node | undefined => actions.reduce<Node | undefined>((node, action) => node?.children.get(action), root)

/** Every node below a root. */
const nodesBelow = (root: Node): Node[] => {
  const nodes = [...root.children.values()]
  for (let place = 0; place < nodes.length; place += 1) nodes.push(...(nodes[place]?.children.values() ?? []))
  return nodes
}

/**
 * Sequences of two to five neighbouring actions that so many runs had, without those that say less about the same runs: what every run has in which it occurs continued in the same way
 * is named with its continuation (closed patterns, Pasquier and others 1999). Otherwise one habit of five actions would count as ten.
 */
export const sequencesIn = (runs: readonly JudgedRun[], fewestRuns: number): Sequence[] => {
  const root = newNode(undefined, '')
  for (const run of runs) count(root, run)
  const frequent = nodesBelow(root).filter((node) => node.length > 1 && node.runs.length >= fewestRuns)
  // A run that has a sequence has its parts, so the same number of runs is the same runs.
  const covered = new Set<Node | undefined>()
  for (const node of frequent) {
    for (const part of [node.parent, find(root, actionsOf(node).slice(1))]) if (part?.runs.length === node.runs.length) covered.add(part)
  }
  return frequent.filter((node) => !covered.has(node)).map((node) => ({ actions: actionsOf(node), runs: node.runs }))
}
