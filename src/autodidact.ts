import { z } from 'zod'
import { advise, type Advice, type AdviseSettings } from './advise/advise.ts'
import { audit, type AuditReport, type AuditSettings } from './audit/audit.ts'
import { backup } from './backup/backup.ts'
import { restore } from './backup/restore.ts'
import type { Decision } from './decide/choose.ts'
import { decide, type DecideSettings } from './decide/decide.ts'
import type { OptionInput } from './decide/input.ts'
import { AutodidactError } from './errors.ts'
import { type AgentComparison, compare } from './evaluate/compare.ts'
import { evaluate, type EvaluateInput } from './evaluate/evaluate.ts'
import type { Evaluation } from './evaluate/evaluation.ts'
import { Experiments } from './evaluate/experiments/experiments.ts'
import { explain } from './explain/explain.ts'
import type { Explanation } from './explain/explanation.ts'
import { type ExportedFact, type ExportedLearning, type ExportedSubscription, exportFacts, type ExportSettings, type UserExportSettings } from './export/export.ts'
import { feedback, type FeedbackInput, type FeedbackReceipt, type FeedbackSettings } from './feedback/feedback.ts'
import { fixesFor } from './fixes/fixes.ts'
import { importMemory, type MemoryImportReport, type MemoryImportSettings } from './foreign/take-over.ts'
import { forget, type ForgetReport, type ForgetSettings, type Selector } from './forget/forget.ts'
import { importEpisodes, type ImportReport, type ImportSettings } from './import/import.ts'
import type { Chunks } from './import/bytes.ts'
import { improve, type ImproveSettings } from './improve/improve.ts'
import type { Improvement } from './improve/improvement.ts'
import { expectStorage, Instance } from './instance/instance.ts'
import { type AutodidactSettings, settingsInput } from './instance/settings.ts'
import { wiringOf } from './instance/wiring.ts'
import { keep, kept, type KeptState } from './keep/keep.ts'
import { Knowledge } from './knowledge/knowledge.ts'
import { type KnowledgeInput, type KnowledgeReceipt, remember } from './knowledge/remember.ts'
import type { Learner } from './learn/learner.ts'
import { Learnings } from './learnings/learnings.ts'
import type { ErrorFix, ErrorToFix, FixesSettings } from './learn/learners/error-fixes.ts'
import { name } from './log/kinds/shared.ts'
import { validated } from './log/validate.ts'
import type { RecommendInput, Recommendation } from './patterns/recommendation.ts'
import { recommend } from './patterns/recommend.ts'
import { Preferences } from './preferences/preferences.ts'
import { recall, type RecallSettings, type Recollection } from './recall/recall.ts'
import type { RecordInput } from './record/input.ts'
import type { RecordReceipt } from './record/receipt.ts'
import { record } from './record/record.ts'
import { Proposals } from './reflect/proposals.ts'
import { reflect, type Reflection } from './reflect/reflect.ts'
import type { ReflectSettings } from './reflect/settings.ts'
import { report, type ReportSettings } from './report/report.ts'
import type { Report } from './report/summary.ts'
import { rotateKey } from './rotate-key/rotate-key.ts'
import { run, type RunInput, type RunNotes, type RunResult } from './run/run.ts'
import type { Scope } from './scope.ts'
import { Channels } from './share/channels.ts'
import { share } from './share/share.ts'
import { Persistence } from './state/persistence.ts'
import { prune, type PruneReport, type PruneSettings } from './state/prune.ts'
import { States } from './state/states.ts'
import type { BackupReceipt, BackupSettings, EncryptionSettings, Head, Storage } from './storage/storage.ts'
import { storeAt } from './storage/stores.ts'
import { Workflows } from './workflows/workflows.ts'

export type { AutodidactSettings } from './instance/settings.ts'

/**
 * The learning layer: a store goes in, the verbs come out.
 *
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const advice = await autodidact.advise('Which customers ordered twice last month?')
 * const { run } = await autodidact.record({ advice, response: 'Ada and Grace', success: true })
 * await autodidact.feedback(run, 'up')
 * const { items } = await autodidact.recall('customers that ordered twice')
 * console.assert(items[0]?.id === run)
 * await autodidact.close()
 * ```
 */
export class Autodidact {
  readonly #instance: Instance
  readonly #scope: Scope

  private constructor(instance: Instance, namespace: string) {
    expectInstance(instance)
    this.#instance = instance
    this.#scope = instance.scope(namespace)
  }

  /**
   * Opens a file, a folder (`storage: 'files'`, or a path that ends with a slash), or `:memory:` for a volatile store, and creates it where it does not exist. A file that
   * this user may not write to is opened for reading.
   *
   * @throws AutodidactError `NOT_A_DATABASE`, `NEWER_VERSION`, `READ_ONLY`, `CANNOT_OPEN`, `CORRUPT`, `DISK_FULL`, `BUSY`, `KEY_REQUIRED`, `WRONG_KEY`, `NOT_ENCRYPTED`,
   * `INVALID_INPUT`, `UNKNOWN_POLICY`, `UNKNOWN_REWARD`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:', { namespace: 'acme', durability: 'full' })
   * await autodidact.close()
   * ```
   */
  static async open(path: string, settings: AutodidactSettings = {}): Promise<Autodidact> {
    validated(z.string(), path, 'open: path')
    validated(settingsInput, settings, 'open')
    // Before there is a file that somebody would have to close.
    const wiring = wiringOf(settings)
    const storage = await storeAt(path, settings.storage).open(path, settings)
    return new Autodidact(new Instance(storage, settings, wiring), settings.namespace ?? 'default')
  }

  /**
   * Puts a copy of a backup in its place, once it has been read and found to be what was backed up. No key is needed. See {@link restore}.
   *
   * @throws AutodidactError `INVALID_INPUT`, `ALREADY_EXISTS`, `NOT_ALLOWED`, `NOT_A_DATABASE`, `NEWER_VERSION`, `CORRUPT`, `BUSY`, `CANNOT_OPEN`, `DISK_FULL`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open('agent.db')
   * await autodidact.remember('Refunds above 100 need a second signature')
   * await autodidact.backup('monday.backup')
   * await autodidact.close()
   *
   * const { namespaces } = await Autodidact.restore('monday.backup', 'agent.db', { overwrite: true })
   * console.assert(namespaces[0]?.facts === 1)
   * ```
   */
  static restore(from: string, to: string, settings: BackupSettings = {}): Promise<BackupReceipt> {
    return restore(from, to, settings)
  }

  /**
   * The same over a store of your own, which `close` will close.
   *
   * @throws AutodidactError `INVALID_INPUT`, `UNKNOWN_POLICY`, `UNKNOWN_REWARD`
   * @example
   * ```ts
   * import { Autodidact, type Storage } from 'autodidact'
   *
   * const withStore = (storage: Storage) => Autodidact.over(storage, { namespace: 'acme' })
   * console.assert(typeof withStore === 'function')
   * ```
   */
  static over(storage: Storage, settings: AutodidactSettings = {}): Autodidact {
    expectStorage(storage)
    validated(settingsInput, settings, 'over')
    return new Autodidact(new Instance(storage, settings, wiringOf(settings)), settings.namespace ?? 'default')
  }

  /** The namespace that the verbs work in. */
  get namespace(): string {
    return this.#scope.namespace
  }

  /** True when the store may only be read. */
  get readOnly(): boolean {
    return this.#scope.storage.capabilities.readOnly === true
  }

  /** Experiments at the choice points of this namespace: begin one, see how it stands, stop it. See {@link Experiments}. */
  get experiments(): Experiments {
    return new Experiments(this.#scope)
  }

  /** Sequences of actions that recur in successful runs of this namespace, and whether offering them helps. See {@link Workflows}. */
  get workflows(): Workflows {
    return new Workflows(this.#scope)
  }

  /** What recurs in recorded runs, how sure that is, and which runs say so; without a model. See {@link Learnings}. */
  get learnings(): Learnings {
    return new Learnings(this.#scope)
  }

  /** Rules, lessons and whatever else was distilled or told, with versions and a life. See {@link Knowledge}. */
  get knowledge(): Knowledge {
    return new Knowledge(this.#scope)
  }

  /** Changes of the rules that a teacher model proposed: see them, accept them, reject them. See {@link Proposals}. */
  get proposals(): Proposals {
    return new Proposals(this.#scope)
  }

  /** What users said they prefer, each for themselves alone: set it, get it, take it back. See {@link Preferences}. */
  get preferences(): Preferences {
    return new Preferences(this.#scope)
  }

  /** Where agents tell each other what they know: subscribe, ask, answer, see what is popular. See {@link Channels}. */
  get channels(): Channels {
    return new Channels(this.#scope)
  }

  /** Q tables, policy parameters, rewards, interactions and decisions of agents, saved and got. See {@link Persistence}. */
  get persistence(): Persistence {
    return new Persistence(this.#scope)
  }

  /** Versions of what was learned: list them, compare them, go back to one. See {@link States}. */
  get states(): States {
    return new States(this.#scope)
  }

  /** False when it was opened with `learning: false`. */
  get learning(): boolean {
    return this.#scope.settings.learning
  }

  /**
   * The same verbs bound to another namespace of the same store. Nothing is shared between namespaces, not even word statistics.
   *
   * @throws AutodidactError `INVALID_INPUT`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const acme = autodidact.in('acme')
   * await acme.remember('Refunds above 100 need a second signature')
   * const { items } = await autodidact.recall('refunds')
   * console.assert(acme.namespace === 'acme' && items.length === 0)
   * await autodidact.close()
   * ```
   */
  in(namespace: string): Autodidact {
    return new Autodidact(this.#instance, validated(name, namespace, 'in: namespace'))
  }

  /**
   * Recalls what is worth knowing for a task and decides at each choice point. What it says, and with which probability, is in the log before it returns.
   * When the learning layer itself fails, the agent must not: nothing is recalled, choices are uniform, and `warnings` says why (`onError: 'throw'` makes it the error).
   *
   * @throws AutodidactError `INVALID_INPUT`, `NO_OPTIONS`, `DUPLICATE_OPTION`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const advice = await autodidact.advise('Refund order 1187', { user: 'ada', choices: { tool: ['lookup', 'refund'] } })
   * console.assert(['lookup', 'refund'].includes(advice.choose['tool'] ?? '') && advice.prompt === '')
   * await autodidact.close()
   * ```
   */
  advise(task: string, settings?: AdviseSettings): Promise<Advice> {
    return advise(this.#scope, task, settings)
  }

  /**
   * Finds what is worth knowing about a text: verified successes as examples, knowledge, and failures as warnings. Logs nothing, and returns nothing when nothing is relevant.
   *
   * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.remember({ title: 'Refunds', content: 'Refunds above 100 need a second signature.' })
   * const { items, prompt } = await autodidact.recall('how do refunds work?', { tokens: 500 })
   * console.assert(items[0]?.kind === 'knowledge' && prompt.includes('second signature'))
   * await autodidact.close()
   * ```
   */
  recall(text: string, settings?: RecallSettings): Promise<Recollection> {
    return recall(this.#scope, text, settings)
  }

  /**
   * Chooses one of the options at a named choice point, with the policy of that point. The decision and its probability are in the log before it returns.
   *
   * @throws AutodidactError `INVALID_INPUT`, `NO_OPTIONS`, `DUPLICATE_OPTION`, `RUN_MISMATCH`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:', { seed: 1 })
   * const tools = [{ id: 'search', description: 'search the web' }, { id: 'sql', description: 'query the database of orders' }]
   * const { option, propensity } = await autodidact.decide('tool', tools, { task: 'how many orders came in today?' })
   * console.assert(option === 'sql' && propensity > 0.9)
   * await autodidact.close()
   * ```
   */
  decide(point: string, options: readonly OptionInput[], settings?: DecideSettings): Promise<Decision> {
    return decide(this.#scope, point, options, settings)
  }

  /**
   * Writes down what an agent did and how it went: validated, masked, without text that was recalled into the prompt, in one transaction.
   *
   * @throws AutodidactError `INVALID_INPUT`, `UNKNOWN_ID`, `RUN_MISMATCH`, `ID_CONFLICT`, `FORGOTTEN`, `CONFLICT`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const receipt = await autodidact.record({ run: 'ticket-7', task: 'Refund order 1187', response: 'Refunded 20.00', success: true, durationMs: 1200 })
   * console.assert(receipt.run === 'ticket-7' && receipt.status === 'stored' && receipt.standing === 'success')
   * await autodidact.close()
   * ```
   */
  record(input: RecordInput): Promise<RecordReceipt> {
    return record(this.#scope, input)
  }

  /**
   * Advises, runs the agent's work, and records it with its duration, also when it fails or is aborted; the work's own error is thrown on.
   * A response is no proof of success: say how it went with `notes.outcome`, or let somebody judge it later.
   *
   * @throws whatever the work throws, and AutodidactError `INVALID_INPUT`, `NO_OPTIONS`, `DUPLICATE_OPTION`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const { response, run } = await autodidact.run({ task: 'Add 2 and 2' }, (_advice, notes) => {
   *   notes.outcome({ success: true, judge: 'check' })
   *   return 4
   * })
   * console.assert(response === 4 && run.startsWith('run_'))
   * await autodidact.close()
   * ```
   */
  run<Response>(input: RunInput, work: (advice: Advice, notes: RunNotes) => Response | Promise<Response>): Promise<RunResult<Awaited<Response>>> {
    return run(this.#scope, input, work)
  }

  /**
   * Writes down how a run went: a thumb, a rating in [0, 1], the right answer, an outcome from outside, a comment, or a retraction. It may come before the run, twice, late,
   * or from another process.
   *
   * @throws AutodidactError `INVALID_INPUT`, `UNKNOWN_ID`, `FORGOTTEN`, `ID_CONFLICT`, `CONFLICT`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const { run } = await autodidact.record({ task: 'Capital of Australia?', response: 'Sydney' })
   * const { standing } = await autodidact.feedback(run, { correction: 'Canberra' }, { author: 'ada' })
   * console.assert(standing === 'success')
   * await autodidact.close()
   * ```
   */
  feedback(run: string, input: FeedbackInput, settings?: FeedbackSettings): Promise<FeedbackReceipt> {
    return feedback(this.#scope, run, input, settings)
  }

  /**
   * Adds knowledge: masked, searchable at once, written once by id.
   *
   * @throws AutodidactError `INVALID_INPUT`, `ID_CONFLICT`, `FORGOTTEN`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const { id } = await autodidact.remember('The nightly export locks the orders table.')
   * console.assert((await autodidact.recall('why is the orders table locked?')).items[0]?.id === id)
   * await autodidact.close()
   * ```
   */
  remember(input: string | KnowledgeInput): Promise<KnowledgeReceipt> {
    return remember(this.#scope, input)
  }

  /**
   * Shows a run and the rules in force to a teacher model, and takes down which changes of the rules it proposes: applied when somebody accepts them, when independent runs propose the same, or at once, as
   * `reflection` says. Without a model, or without budget, nothing happens, and the status says so. See {@link reflect}.
   *
   * @throws AutodidactError `INVALID_INPUT`, `UNKNOWN_ID`, `FORGOTTEN`, `CONFLICT`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`, those of `record` for an interaction, and the reason of an aborted signal
   * @example
   * ```ts
   * import { Autodidact, type Model } from 'autodidact'
   *
   * const operations = [{ action: 'add', type: 'RESPONSE_PRINCIPLE', score: 0.8, text: 'Name the currency of every amount.' }]
   * const teacher: Model = { name: 'teacher', generate: async () => ({ value: { operations } }) }
   * const autodidact = await Autodidact.open(':memory:', { models: { teacher }, reflection: { apply: 'corroborated' } })
   * for (const order of [1187, 1188]) await autodidact.reflect({ task: `What does order ${order} cost?`, response: '20', success: false })
   * const [rule] = await autodidact.knowledge.list()
   * console.assert(rule?.kind === 'RESPONSE_PRINCIPLE' && rule.importance === 3)
   * await autodidact.close()
   * ```
   */
  reflect(run: string | RecordInput, settings?: ReflectSettings): Promise<Reflection> {
    return reflect(this.#scope, run, settings)
  }

  /**
   * Remembers something and tells it to other agents: those that subscribe to its channel, with `broadcast` to all, with `targets` to those only. Default: channel `general`,
   * priority `medium`.
   *
   * @throws AutodidactError as {@link remember}
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const tester = await autodidact.channels.subscribe('tester', { channels: ['testing'] })
   * await autodidact.share({ author: 'coder', channel: 'testing', content: 'Run the tests with --retry 2.' })
   * console.assert((await tester.next()).value?.author === 'coder')
   * await autodidact.close()
   * ```
   */
  share(input: string | KnowledgeInput): Promise<KnowledgeReceipt> {
    return share(this.#scope, input)
  }

  /**
   * What has helped against errors like this one, the likeliest first, and nothing below a confidence of .85 (or another one of yours). Learned from runs in which a step
   * failed and then succeeded, and from people who {@link remember} a fix. What is known of less confidence is told with `confidence: 0`. Empty with `learning: false`.
   *
   * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.remember({ content: 'Restart it.', fix: { error: 'connection to "db-7" refused', approach: 'restart', steps: [{ action: 'restart' }] } })
   * const [best] = await autodidact.fixesFor({ message: 'connection to "db-9" refused' })
   * console.assert(best?.approach === 'restart')
   * await autodidact.close()
   * ```
   */
  fixesFor(error: ErrorToFix, settings?: FixesSettings): Promise<ErrorFix[]> {
    return fixesFor(this.#scope, error, settings)
  }

  /**
   * Erases facts with their index rows and long payloads, and everything that was learned from them. `pending` in the report: another process still reads the old text, or the
   * disk is too full to write the file anew. With `dryRun` it only tells what would be erased, by kind of fact.
   *
   * @throws AutodidactError `INVALID_INPUT`, `CONFLICT`, `READ_ONLY`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.record({ task: 'Where does Ada live?', response: 'in Oslo', user: 'ada', success: true })
   * const { facts, status } = await autodidact.forget({ user: 'ada' })
   * console.assert(facts === 1 && status === 'proven')
   * await autodidact.close()
   * ```
   */
  forget(selector: Selector, settings?: ForgetSettings): Promise<ForgetReport> {
    return forget(this.#scope, selector, settings)
  }

  /**
   * Takes out of old facts what nobody learns from, and says what went; what was learned stays the same, bit for bit. See {@link prune}.
   *
   * @throws AutodidactError `INVALID_INPUT`, `NOT_ALLOWED`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.record({ task: 'refund order 1187', steps: [{ action: 'look up', output: 'a long page' }], success: true })
   * const { facts } = await autodidact.prune({ before: Date.now() + 1 })
   * console.assert(facts === 1)
   * await autodidact.close()
   * ```
   */
  prune(settings: PruneSettings): Promise<PruneReport> {
    return prune(this.#scope, settings)
  }

  /**
   * Why an advice was given, a run went as it did, or a decision was made, and which facts taught it. Erasing `facts` changes the advice. See {@link explain}.
   *
   * @param id of an advice, a run, or a decision
   * @throws AutodidactError `UNKNOWN_ID`, `FORGOTTEN`, `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const { run } = await autodidact.record({ task: 'refund order 1187', response: 'Refunded 20.00', outcome: { success: true, judge: 'check' } })
   * const advice = await autodidact.advise('refund order 1190')
   * console.assert((await autodidact.explain(advice.id)).facts.includes(run))
   * await autodidact.close()
   * ```
   */
  explain(id: string): Promise<Explanation> {
    return explain(this.#scope, id)
  }

  /**
   * How to go about a task: the approach whose success in similar runs is surest, compared with the alternatives, with the tools and success factors of these runs. The
   * confidence is a lower bound on its success, so it falls when the approach fails. See {@link recommend}.
   *
   * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.record({ task: 'add a login form', category: 'frontend', approach: 'incremental', success: true })
   * const { approach, confidence } = await autodidact.recommend({ task: 'add a sign-up form', category: 'frontend' })
   * console.assert(approach === 'incremental' && confidence < 0.5)
   * await autodidact.close()
   * ```
   */
  recommend(task: string | RecommendInput): Promise<Recommendation> {
    return recommend(this.#scope, task)
  }

  /**
   * Whether the agents of this namespace learn: success with its interval, durations and their trends by kind of task and agent, over time; choice points, memories, feedback;
   * what could be better, and by how much. See {@link report}.
   *
   * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * for (const success of [true, false]) await autodidact.record({ task: 'refund an order', success })
   * const { runs, success } = await autodidact.report()
   * console.assert(runs === 2 && success.rate === 0.5 && success.low < 0.1 && success.high > 0.9)
   * await autodidact.close()
   * ```
   */
  report(settings: ReportSettings = {}): Promise<Report> {
    return report(this.#scope, settings)
  }

  /**
   * Two agents, on each kind of task that both of them did, and together: success and duration, with intervals. See {@link compare}.
   *
   * @throws AutodidactError `INVALID_INPUT`, `UNKNOWN_ID`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * for (const agent of ['clerk', 'trainee']) await autodidact.record({ task: 'refund order 1187', category: 'refund', agent, success: agent === 'clerk' })
   * const { overall } = await autodidact.compare('clerk', 'trainee')
   * console.assert(overall.moreSuccessful === 'not shown' && overall.low < 0)
   * await autodidact.close()
   * ```
   */
  compare(agent: string, against: string): Promise<AgentComparison> {
    return compare(this.#scope, agent, against)
  }

  /**
   * Housekeeping: what people were not content with, by kind of task and with examples; what could be pruned, or is when it is told to; what the log is worth as training data.
   * See {@link improve}.
   *
   * @throws AutodidactError `INVALID_INPUT`, `NOT_ALLOWED`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const { run } = await autodidact.record({ task: 'Capital of Australia?', category: 'geography', response: 'Sydney' })
   * await autodidact.feedback(run, { correction: 'Canberra' })
   * console.assert((await autodidact.improve()).issues[0]?.kind === 'geography')
   * await autodidact.close()
   * ```
   */
  improve(settings: ImproveSettings = {}): Promise<Improvement> {
    return improve(this.#scope, settings)
  }

  /**
   * Looks through what is known here, or what another program remembers: secrets, orders to a model, contradictions, claims without support, duplicates, echoes, and what nobody uses. See {@link audit}.
   *
   * @throws AutodidactError `INVALID_INPUT`, `CANNOT_OPEN`, `CORRUPT`, `LIMIT_EXCEEDED`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.remember({ id: 'a', content: 'Refunds above one hundred need a second signature.' })
   * await autodidact.remember({ id: 'b', content: 'Refunds above one hundred need no second signature.' })
   * const { counts, serious } = await autodidact.audit()
   * console.assert(counts.contradiction === 1 && serious === 1)
   * await autodidact.close()
   * ```
   */
  audit(settings: AuditSettings = {}): Promise<AuditReport> {
    return audit(this.#scope, settings)
  }

  /**
   * Takes over what another program remembers: an MCP memory (JSON lines), or a SQLite file of mem0. See {@link importMemory}.
   *
   * @throws AutodidactError `INVALID_INPUT`, `CANNOT_OPEN`, `CORRUPT`, `LIMIT_EXCEEDED`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { mkdtempSync, writeFileSync } from 'node:fs'
   * import { tmpdir } from 'node:os'
   * import { join } from 'node:path'
   * import { Autodidact } from 'autodidact'
   *
   * const path = join(mkdtempSync(join(tmpdir(), 'memory-')), 'memory.jsonl')
   * writeFileSync(path, '{"type":"entity","name":"Ada","entityType":"person","observations":["Prefers tea"]}')
   * const autodidact = await Autodidact.open(':memory:')
   * console.assert((await autodidact.importMemory(path, { dryRun: true })).stored === 1)
   * await autodidact.importMemory(path)
   * console.assert((await autodidact.knowledge.list())[0]?.trust === 'imported')
   * await autodidact.close()
   * ```
   */
  importMemory(path: string, settings: MemoryImportSettings = {}): Promise<MemoryImportReport> {
    return importMemory(this.#scope, path, settings)
  }

  /**
   * What another policy would have earned on the decisions logged at a choice point, without trying it; or a refusal where the log cannot say. See
   * {@link evaluate}.
   *
   * @throws AutodidactError `INVALID_INPUT`, `UNKNOWN_POLICY`, `UNKNOWN_LEARNER`, `UNKNOWN_ID`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:', { seed: 1, points: { tool: { policy: 'uniform' } } })
   * for (let day = 0; day < 200; day += 1) {
   *   const { option, run } = await autodidact.decide('tool', ['search', 'sql'], { task: 'count the orders' })
   *   await autodidact.record({ run, task: 'count the orders', success: option === 'sql' })
   * }
   * const always = await autodidact.evaluate({ point: 'tool', policy: { name: 'fixed', option: 'sql' } })
   * console.assert(always.status === 'answered' && always.value === 1 && always.gain.low > 0.3)
   * await autodidact.close()
   * ```
   */
  evaluate(input: EvaluateInput): Promise<Evaluation> {
    return evaluate(this.#scope, input)
  }

  /**
   * The facts of this namespace in the order of the log, as objects that JSON can hold, long texts included. With `user`, everything known about one user: the facts that `forget({ user })`
   * would erase, and what learners keep of them. See {@link exportFacts}.
   *
   * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `CLOSED` when the first fact is asked for
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.record({ task: 'refund order 1187', success: true })
   *
   * const lines: string[] = []
   * for await (const fact of autodidact.export({ kinds: ['run.recorded'] })) lines.push(JSON.stringify(fact))
   * console.assert(lines.length === 1)
   *
   * await autodidact.remember({ content: 'Ada likes short answers.', user: 'ada' })
   * const known: string[] = []
   * for await (const { kind } of autodidact.export({ user: 'ada' })) known.push(kind)
   * console.assert(known.join() === 'knowledge.written,learned')
   * await autodidact.close()
   * ```
   */
  export(settings: UserExportSettings): AsyncGenerator<ExportedFact | ExportedLearning | ExportedSubscription, void, undefined>
  export(settings?: ExportSettings): AsyncGenerator<ExportedFact, void, undefined>
  export(settings: ExportSettings | UserExportSettings = {}): AsyncGenerator<ExportedFact | ExportedLearning | ExportedSubscription, void, undefined> {
    return exportFacts(this.#scope, settings)
  }

  /**
   * Writes a copy of the whole store, all namespaces, as it is at one moment, while this process and others go on writing. See {@link backup}.
   *
   * @throws AutodidactError `INVALID_INPUT`, `ALREADY_EXISTS`, `NOT_ALLOWED`, `CANNOT_OPEN`, `DISK_FULL`, `CORRUPT`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open('agent.db')
   * await autodidact.record({ task: 'refund order 1187', success: true })
   * const { digest, namespaces } = await autodidact.backup('agent.backup')
   * console.assert(digest.length === 64 && namespaces[0]?.namespace === 'default')
   * await autodidact.close()
   * ```
   */
  backup(to: string, settings: BackupSettings = {}): Promise<BackupReceipt> {
    return backup(this.#scope, to, settings)
  }

  /**
   * Opens an encrypted store with another key from now on, at once and however large it is. See {@link rotateKey}.
   *
   * @throws AutodidactError `NOT_ENCRYPTED`, `INVALID_INPUT`, `NOT_ALLOWED`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { randomBytes } from 'node:crypto'
   * import { Autodidact, AutodidactError } from 'autodidact'
   *
   * const [old, next] = [randomBytes(32), randomBytes(32)]
   * const autodidact = await Autodidact.open('secret.db', { encryption: { key: old } })
   * await autodidact.rotateKey({ key: next })
   * await autodidact.close()
   *
   * const error: unknown = await Autodidact.open('secret.db', { encryption: { key: old } }).catch((thrown: unknown) => thrown)
   * console.assert(AutodidactError.is(error) && error.code === 'WRONG_KEY')
   * ```
   */
  rotateKey(next: EncryptionSettings): Promise<void> {
    return rotateKey(this.#scope, next)
  }

  /**
   * Records the episodes of a file of JSON lines, one run each: runs of other programs, or of another store. The same episode is written once; a line that is wrong is reported
   * with its number, and the others are imported. The fields of an episode are in `docs/import.md`.
   *
   * @param source bytes or text in pieces of any size, such as `createReadStream('episodes.jsonl.gz')`; compressed with gzip or not
   * @throws AutodidactError `INVALID_INPUT` for a source that is none, `CORRUPT`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const { stored, problems } = await autodidact.import(['{"taskId": 7, "task": "add 2 and 2", "success": true}\n', 'no JSON\n'])
   * console.assert(stored === 1 && problems[0]?.line === 2)
   * await autodidact.close()
   * ```
   */
  import(source: Chunks, settings?: ImportSettings): Promise<ImportReport> {
    return importEpisodes(this.#scope, source, settings)
  }

  /**
   * What a learner knows at the end of the log.
   *
   * @throws AutodidactError `UNKNOWN_LEARNER`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact, itemUsefulness } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const useful = await autodidact.learned(itemUsefulness)
   * console.assert(useful.mean('nobody saw this') === 0.5)
   * await autodidact.close()
   * ```
   */
  async learned<State, View>(learner: Learner<State, View>): Promise<View> {
    validated(z.looseObject({ name }), learner, 'learned: learner')
    return this.#instance.learned(this.namespace, learner)
  }

  /**
   * Where the log ends, for whoever keeps what they made of an export: a higher `sequence` means new facts, another `epoch` that facts which
   * may have been read before were erased.
   *
   * @throws AutodidactError `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const before = await autodidact.head()
   * const { id } = await autodidact.remember('Ada lives in Oslo')
   * const after = await autodidact.head()
   * await autodidact.forget({ facts: [id] })
   * console.assert(after.sequence > before.sequence && after.epoch === before.epoch)
   * console.assert((await autodidact.head()).epoch > after.epoch)
   * await autodidact.close()
   * ```
   */
  head(): Promise<Head> {
    return this.#scope.storage.head(this.#scope.namespace)
  }

  /**
   * Keeps a state that was made of the log, such as an index or a model of your own, so that the next process need not read the whole log for it. A
   * short cut only: false where nothing is kept, because the store is volatile, another process is just keeping one, or facts were erased since. An
   * erasure of a fact that went into the state takes the state with it.
   *
   * @param name of the state, with its version; one state is kept for each name and namespace
   * @param make gives the state and the end of the log that it knows, as {@link head} says; only called when there is somewhere to keep it
   * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `DISK_FULL`, `CLOSED`, and what `make` throws
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open('kept.db')
   * const { run } = await autodidact.record({ task: 'refund order 1187', success: true })
   * const head = await autodidact.head()
   * await autodidact.keep('count@1', () => ({ ...head, bytes: Uint8Array.of(1) }))
   * console.assert((await autodidact.kept('count@1'))?.bytes[0] === 1)
   *
   * await autodidact.forget({ run })
   * console.assert((await autodidact.kept('count@1')) === undefined)
   * await autodidact.close()
   * ```
   */
  keep(name: string, make: () => KeptState | Promise<KeptState>): Promise<boolean> {
    return keep(this.#scope, name, make)
  }

  /**
   * What was kept under a name last; undefined if nothing was, or a fact that went into it was erased since. Read the log on from its `sequence`.
   *
   * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * console.assert((await autodidact.kept('count@1')) === undefined)
   * await autodidact.close()
   * ```
   */
  kept(name: string): Promise<KeptState | undefined> {
    return kept(this.#scope, name)
  }

  /**
   * Has something done when {@link close} is called, while the store is still open: the moment to {@link keep} what was made of the log. What it throws
   * is not heard. One task for each name and namespace; a later one takes the place of an earlier one.
   *
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * let closed = false
   * autodidact.beforeClose('count@1', async () => { closed = true })
   * await autodidact.close()
   * console.assert(closed)
   * ```
   */
  beforeClose(name: string, task: () => Promise<unknown>): void {
    this.#instance.beforeClose(this.namespace, name, task)
  }

  /**
   * Does what {@link beforeClose} was told, saves what was learned, and closes the store: await what must happen before. A call that is under way either
   * happens whole or ends with `CLOSED`. A second call does nothing.
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.close()
   * ```
   */
  close(): Promise<void> {
    return this.#instance.close()
  }
}

/** Without types anybody may call the constructor, with a path or with nothing. */
const expectInstance = (instance: unknown): void => {
  if (instance instanceof Instance) return
  throw new AutodidactError('INVALID_INPUT', 'An instance is not made with new. Call await Autodidact.open(path), or Autodidact.over(storage) for a store of your own.')
}
