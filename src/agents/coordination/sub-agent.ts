import type { Advice } from '../../advise/advise.ts'
import { AutodidactError } from '../../errors.ts'
import { described, expectText } from '../../expect.ts'
import type { Option } from '../../decide/policy.ts'
import type { RunNotes } from '../../run/run.ts'

/** What a sub-agent gets with a request. */
export interface Briefing {
  /** What is worth knowing, for a prompt, within its token budget; empty when nothing is. */
  readonly prompt: string
  readonly advice: Advice
  /** As the caller gave it: what was said before, in whatever form the sub-agents know. */
  readonly history: readonly unknown[]
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
  /** Lets the sub-agent say more of the run than its response: steps, outcome, cost. */
  readonly notes: RunNotes
}

/** Answers a request. What it throws is a failure, and what it returns a response that somebody may judge. */
export type AgentFunction = (request: string, briefing: Briefing) => unknown

/** An agent with one of the methods by which agents are called; the first that it has is. */
export interface AgentObject {
  /** What it is for, in words: a sub-agent that was never tried is known by these. */
  readonly description?: string
  readonly run?: AgentFunction
  readonly invoke?: AgentFunction
  readonly generate?: AgentFunction
}

/** Any function, or an object with `run`, `invoke` or `generate`. */
export type SubAgent = AgentFunction | AgentObject

/** A sub-agent, checked. */
export interface KnownAgent {
  readonly option: Option
  readonly answer: AgentFunction
}

const methods = ['run', 'invoke', 'generate'] as const

/** @throws AutodidactError `INVALID_INPUT` when it can neither be called nor has a method that can */
export const knownAgent = (id: string, agent: SubAgent): KnownAgent => {
  if (typeof agent === 'function') return { option: { id }, answer: agent }
  if (typeof agent === 'object' && agent !== null) {
    const { description } = agent
    if (description !== undefined) expectText(description, `Coordinator: description of the sub-agent "${id}"`)
    const method = methods.find((name) => typeof agent[name] === 'function')
    if (method !== undefined) {
      return {
        option: description === undefined ? { id } : { id, description },
        // Looked up anew and called on its object: agents have state, and may be wrapped after they were added.
        answer: (request, briefing) => agent[method]?.(request, briefing),
      }
    }
  }
  const given = described(agent)
  throw new AutodidactError('INVALID_INPUT', `The sub-agent "${id}" is ${given} that cannot be called. Pass a function, or an object with ${methods.join(', ')}.`)
}
