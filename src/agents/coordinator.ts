import { z } from 'zod'
import type { Autodidact } from '../autodidact.ts'
import type { Decision } from '../decide/choose.ts'
import type { SituationInput } from '../decide/input.ts'
import { AutodidactError } from '../errors.ts'
import { expectFunction, expectObject } from '../expect.ts'
import type { FeedbackInput, FeedbackReceipt, FeedbackSettings } from '../feedback/feedback.ts'
import { name, task } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import type { RecallSettings } from '../recall/recall.ts'
import type { OutcomeInput } from '../record/input.ts'
import type { RunNotes } from '../run/run.ts'
import { type Warning, warningOf } from '../warning.ts'
import { Aborted, untilAborted } from './abort.ts'
import { type BatchResult, type BatchSettings, Batches } from './coordination/batches.ts'
import { type AgentFunction, type KnownAgent, knownAgent, type SubAgent } from './coordination/sub-agent.ts'

/** One answer of a sub-agent, for whoever assesses it. */
export interface Interaction {
  readonly run: string
  readonly agent: string
  readonly request: string
  readonly response: unknown
}

/** How a {@link Coordinator} works. */
export interface CoordinatorSettings {
  /** Where it learns. Policy, reward, deadline and default reward are those of the choice point: `Autodidact.open(path, { points: { agent: { policy, reward } } })`. */
  readonly autodidact: Autodidact
  /** Sub-agents by name. */
  readonly agents: Readonly<Record<string, SubAgent>>
  /** Name of the choice point; default `agent`. */
  readonly point?: string
  /** Name under which it asks and records; default `coordinator`. Two with the same name on one file are one: they share what was learned, and the cursor. */
  readonly name?: string
  /** The project or tenant; default: that of `autodidact`. */
  readonly namespace?: string
  /** What is recalled for the sub-agents; `false` recalls nothing. Default: as `advise` does. */
  readonly recall?: RecallSettings | false
  /**
   * Says how an answer went, as soon as it is there; what the sub-agent has noted itself wins. Default: nobody says so, and an answer is worth nothing
   * until a feedback comes; an error is a failure.
   */
  readonly assess?: (interaction: Interaction) => OutcomeInput | undefined | Promise<OutcomeInput | undefined>
}

/** What a request may bring along. */
export interface RequestSettings extends Omit<SituationInput, 'agent' | 'agentVersion' | 'source' | 'occurredAt'> {
  /** What was said before, handed to the sub-agent as it is; not learned from. */
  readonly history?: readonly unknown[]
  /** Ends the wait; the run is recorded without a verdict. */
  readonly signal?: AbortSignal
}

/** What came of a request. */
export interface CoordinatorAnswer {
  /** Names the answer in `updateFromFeedback`. */
  readonly run: string
  /** The sub-agent that answered. */
  readonly agent: string
  readonly response: unknown
  /** Which was chosen, with which probability, and why. */
  readonly decision: Decision
  /** What the choice has earned so far, in [0, 1]; undefined as long as nobody has judged it. */
  readonly reward: number | undefined
  /** What did not work; the answer stands all the same. */
  readonly warnings: readonly Warning[]
}

/** What a feedback has changed. */
export interface UpdateReceipt extends FeedbackReceipt {
  /** What the choice is worth now, in [0, 1]; undefined where nobody has judged it, or there is no choice of this coordinator in the run. */
  readonly reward: number | undefined
}

const settingsInput = z.looseObject({ point: name.optional(), name: name.optional(), namespace: name.optional(), agents: z.record(z.string(), z.unknown()) })

/** The situation is checked by `run`. */
const requestInput = z.looseObject({ history: z.array(z.unknown()).optional(), signal: z.instanceof(AbortSignal).optional() })

/**
 * Chooses among named sub-agents with a learned policy, runs the one chosen, and records what came of it.
 *
 * It has no state of its own: what was chosen with which probability, how it went, and who said so are facts of the log, and what is learned is folded from them. A
 * process that starts on the same file continues exactly where the last one stopped, and two at once learn from each other.
 *
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 * import { Coordinator } from 'autodidact/agents'
 *
 * const autodidact = await Autodidact.open(':memory:', { seed: 1, points: { agent: { reward: 'three-part' } } })
 * const coordinator = new Coordinator({
 *   autodidact,
 *   agents: {
 *     search: { description: 'finds pages on the web', run: async (request) => `found: ${request}` },
 *     coder: { description: 'writes and repairs programs', run: async (request) => `written: ${request}` },
 *   },
 * })
 *
 * const { agent, run } = await coordinator.processRequest('Find pages about reinforcement learning')
 * console.assert(agent === 'search')
 * const { reward } = await coordinator.updateFromFeedback(run, 'up')
 * console.assert(reward !== undefined && reward > 0.8)
 * await autodidact.close()
 * ```
 */
export class Coordinator {
  readonly #autodidact: Autodidact
  readonly #agents = new Map<string, KnownAgent>()
  readonly #point: string
  readonly #name: string
  readonly #settings: CoordinatorSettings
  readonly #batches: Batches

  /**
   * A coordinator of some sub-agents. Whoever opened `autodidact` closes it.
   *
   * @throws AutodidactError `INVALID_INPUT`
   */
  constructor(settings: CoordinatorSettings) {
    expectObject(settings, 'Coordinator: settings')
    expectObject(settings.autodidact, 'Coordinator: autodidact', ['run', 'feedback', 'export', 'keep', 'kept'])
    if (settings.assess !== undefined) expectFunction(settings.assess, 'Coordinator: assess')
    validated(settingsInput, settings, 'Coordinator')
    const { autodidact, namespace, point = 'agent', name: own = 'coordinator' } = settings
    this.#autodidact = namespace === undefined ? autodidact : autodidact.in(namespace)
    this.#settings = settings
    this.#point = point
    this.#name = own
    this.#batches = new Batches(this.#autodidact, own)
    for (const [id, agent] of Object.entries(settings.agents)) this.add(id, agent)
  }

  /** Names of the sub-agents that can be chosen. */
  get agents(): readonly string[] {
    return [...this.#agents.keys()]
  }

  /**
   * Adds a sub-agent, or puts another one in the place of that name: what was learned of the name stays. One never tried is known by its description, and stands at the mean
   * of what was earned.
   *
   * @throws AutodidactError `INVALID_INPUT`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   * import { Coordinator } from 'autodidact/agents'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const coordinator = new Coordinator({ autodidact, agents: {} })
   * coordinator.add('echo', (request) => request)
   * console.assert(coordinator.agents.length === 1 && coordinator.remove('echo'))
   * await autodidact.close()
   * ```
   */
  add(id: string, agent: SubAgent): void {
    this.#agents.set(validated(name, id, 'Coordinator: name of a sub-agent'), knownAgent(id, agent))
  }

  /**
   * Takes a sub-agent away: it is not chosen any more. What was learned of its name stays, for when it comes back.
   *
   * @returns false where there is none of that name
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   * import { Coordinator } from 'autodidact/agents'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const coordinator = new Coordinator({ autodidact, agents: { echo: (request) => request } })
   * console.assert(coordinator.remove('echo') && !coordinator.remove('echo'))
   * await autodidact.close()
   * ```
   */
  remove(id: string): boolean {
    return this.#agents.delete(id)
  }

  /**
   * Chooses a sub-agent for a request, has it answer, and records the run: also when it fails or is aborted, and then its own error is thrown.
   *
   * @throws whatever the sub-agent throws, the reason of the signal, and AutodidactError `INVALID_INPUT`, `NO_OPTIONS` when there is no sub-agent
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   * import { Coordinator } from 'autodidact/agents'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const sum = (request: string) => request.split('+').reduce((total, part) => total + Number(part), 0)
   * const coordinator = new Coordinator({ autodidact, agents: { sum }, assess: ({ response }) => ({ success: Number.isFinite(response), judge: 'check' }) })
   * const { response, reward, decision } = await coordinator.processRequest('2 + 2', { user: 'ada' })
   * console.assert(response === 4 && reward === 1 && decision.propensity === 1)
   * await autodidact.close()
   * ```
   */
  async processRequest(request: string, settings: RequestSettings = {}): Promise<CoordinatorAnswer> {
    validated(requestInput, settings, 'processRequest')
    validated(task, request, 'processRequest: request')
    const { history = [], signal, ...situation } = settings
    signal?.throwIfAborted()
    // As they are now: one that is taken away meanwhile may still finish what it was chosen for.
    const agents = new Map(this.#agents)
    const { recall } = this.#settings
    const warnings: Warning[] = []
    let chosen = ''
    try {
      const { run, response, advice, receipt, warnings: others } = await this.#autodidact.run(
        {
          ...situation,
          task: request,
          agent: this.#name,
          source: this.#name,
          choices: { [this.#point]: [...agents.values()].map(({ option }) => option) },
          ...(recall === undefined ? {} : { recall }),
        },
        async (advised, notes) => {
          chosen = advised.choose[this.#point] ?? ''
          const answer = agents.get(chosen)?.answer
          if (answer === undefined) throw new AutodidactError('NO_OPTIONS', `"${chosen}" is none of the sub-agents. Add one with add(name, agent).`)
          notes.agent(chosen)
          const noted = new Set<string>()
          const given = await this.#answered(request, answer, { prompt: advised.prompt, advice: advised, history, notes: noting(notes, noted) }, signal)
          if (!noted.has('outcome')) await this.#assess({ run: advised.run, agent: chosen, request, response: given }, notes, warnings, signal)
          return given
        },
      )
      const decision = advice.decisions[this.#point]
      if (decision === undefined) throw new AutodidactError('NO_OPTIONS', `Nothing was decided at "${this.#point}". Add a sub-agent with add(name, agent).`)
      return { run, agent: chosen, response, decision, reward: receipt?.rewards.find(({ decision: id }) => id === decision.id)?.reward, warnings: [...others, ...warnings] }
    } catch (error) {
      throw error instanceof Aborted ? error.reason : error
    }
  }

  /** Lets the sub-agent answer; an abort is told as one, whatever reason it has. */
  async #answered(request: string, answer: AgentFunction, briefing: Omit<Parameters<AgentFunction>[1], 'signal'>, signal: AbortSignal | undefined): Promise<unknown> {
    try {
      return await untilAborted(signal, () => answer(request, { ...briefing, signal: signal ?? new AbortController().signal }))
    } catch (error) {
      throw signal?.aborted === true ? new Aborted(signal.reason) : error
    }
  }

  /** An assessment that fails is no word on the answer; nobody waits for one after an abort. */
  async #assess(interaction: Interaction, notes: RunNotes, warnings: Warning[], signal: AbortSignal | undefined): Promise<void> {
    try {
      const outcome = await untilAborted(signal, () => this.#settings.assess?.(interaction))
      if (outcome !== undefined) notes.outcome(outcome)
    } catch (error) {
      if (signal?.aborted === true) throw new Aborted(signal.reason)
      warnings.push({ ...warningOf(error), code: 'ASSESSMENT_FAILED' })
    }
  }

  /**
   * Learns what somebody says of an answer: it is credited to the sub-agent that gave it, in the situation in which it was chosen. It may come before the run is recorded, twice, late,
   * or be taken back, as `feedback` says.
   *
   * @throws AutodidactError what `feedback` throws
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   * import { Coordinator } from 'autodidact/agents'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const coordinator = new Coordinator({ autodidact, agents: { echo: (request) => request } })
   * const { run } = await coordinator.processRequest('hello')
   * const { feedback, reward } = await coordinator.updateFromFeedback(run, { score: 0.2, comment: 'not helpful' })
   * console.assert(reward === 0.2)
   * console.assert((await coordinator.updateFromFeedback(run, { retract: feedback })).reward === undefined)
   * await autodidact.close()
   * ```
   */
  async updateFromFeedback(run: string, input: FeedbackInput, settings: FeedbackSettings = {}): Promise<UpdateReceipt> {
    const receipt = await this.#autodidact.feedback(run, input, settings)
    return { ...receipt, reward: receipt.rewards.find(({ point }) => point === this.#point)?.reward }
  }

  /**
   * Goes on through the interactions of this coordinator in the order of the log, from where the last call of any process stopped: those that nobody has judged yet are
   * handed to `judge`, and what it says is written down and learned, once for each run. Then everything in the log is folded into what is learned.
   *
   * The cursor is kept behind the last interaction that is done with. A process that dies in between leaves its verdicts in the log and the cursor where it was: the
   * next one finds them there and asks no second time. After an erasure it may begin again at the start, with the same result.
   *
   * @throws AutodidactError `INVALID_INPUT`, what `feedback` throws, what `judge` throws, and the reason of the signal; what was done before stays done
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   * import { Coordinator } from 'autodidact/agents'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const coordinator = new Coordinator({ autodidact, agents: { echo: (request) => request } })
   * for (const request of ['one', 'two', 'three']) await coordinator.processRequest(request)
   * const judge = () => ({ score: 0.9, judge: 'model' } as const)
   * console.assert((await coordinator.learnFromBatch({ size: 2, judge })).judged === 2)
   * const { judged, more } = await coordinator.learnFromBatch({ size: 2, judge })
   * console.assert(judged === 1 && !more)
   * await autodidact.close()
   * ```
   */
  learnFromBatch(settings: BatchSettings = {}): Promise<BatchResult> {
    return this.#batches.learn(settings)
  }
}

/** The notes of a run that remember what was noted. */
const noting = (notes: RunNotes, noted: Set<string>): RunNotes => ({
  ...notes,
  outcome: (outcome) => {
    noted.add('outcome')
    notes.outcome(outcome)
  },
})
