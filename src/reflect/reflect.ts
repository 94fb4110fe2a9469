import { untilUndisturbed } from '../credit/run-facts.ts'
import { AutodidactError } from '../errors.ts'
import { trustWith } from '../knowledge/trust.ts'
import type { ProposalSummary } from '../learn/learners/reflections.ts'
import { asWritten } from '../log/blobs.ts'
import { contentDigest } from '../log/canonical.ts'
import type { FactData, FactOf, NewFactOf } from '../log/fact.ts'
import { newId } from '../log/ids.ts'
import { kinds } from '../log/kinds/index.ts'
import { name } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import { ask } from '../models/ask.ts'
import type { Model, ModelAnswer, ModelRequest } from '../models/model.ts'
import { estimateTokens } from '../recall/budget.ts'
import type { RecordInput } from '../record/input.ts'
import { record } from '../record/record.ts'
import type { Scope } from '../scope.ts'
import { operationsIn } from './answer.ts'
import { balanceOf, reserve, settleCall } from './budget.ts'
import { applyProposal } from './decide.ts'
import { type Interaction, readInteraction } from './interaction.ts'
import { withoutKnown } from './known.ts'
import { checkedOperations, type DroppedPart } from './operations.ts'
import { requestFor, tokensOfFrame, tokensOfRequest } from './prompt.ts'
import { independentVoices, inFull, type Proposal } from './proposals.ts'
import { reflectInput, type ReflectionRules, reflectionRules, type ReflectSettings } from './settings.ts'
import { learnedOf, readView, type View } from './view.ts'

/** What came of reflecting on a run. */
export interface Reflection {
  readonly run: string
  /**
   * `done`: the model was asked, and answered. Otherwise nothing was changed: `already` reflected on, and nothing new is known of the run; `no-model`; `no-budget` left for today; `failed`: the model
   * did, or answered with nothing of use.
   */
  readonly status: 'done' | 'already' | 'no-model' | 'no-budget' | 'failed'
  /** Why it is not done, and what to do; undefined when it is. */
  readonly reason: string | undefined
  /** What was proposed, with what became of it. */
  readonly proposals: readonly Proposal[]
  /** Parts of the answer that were of no use; the first 100. */
  readonly dropped: readonly DroppedPart[]
  readonly tokens: {
    /** Of this call; 0 where none was made. */
    readonly input: number
    readonly output: number
    /** Of the budget of this day (UTC), in this namespace. */
    readonly spentToday: number
    readonly perDay: number
  }
}

const mostDropped = 100

type Done = Omit<Reflection, 'run' | 'tokens'> & { readonly taken?: Taken }

interface Taken {
  readonly input: number
  readonly output: number
}

/**
 * Shows a run and the rules in force to a teacher model, and takes down which changes of the rules it proposes. They are applied as configured: when somebody accepts them, when independent runs
 * propose the same, or at once; core rules only ever by a person. What the model answers is data: each operation is checked by itself, and what is wrong with one is in `dropped`.
 *
 * @param subject id of a recorded run, or an interaction, which is recorded first: whatever is made of it goes when it is forgotten
 * @throws AutodidactError `INVALID_INPUT`, `UNKNOWN_ID`, `FORGOTTEN`, `CONFLICT`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`, those of `record` for an interaction, and the reason of an aborted signal
 * @example
 * ```ts
 * import { Autodidact, type Model } from 'autodidact'
 *
 * const operations = [{ action: 'add', type: 'RESPONSE_PRINCIPLE', score: 0.8, text: 'Name the currency of every amount.' }, { action: 'delete' }]
 * const teacher: Model = { name: 'teacher', generate: async () => ({ value: { operations }, tokens: { input: 900, output: 60 } }) }
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const { run } = await autodidact.record({ task: 'What does order 1187 cost?', response: '20', success: false })
 * const { proposals, dropped } = await autodidact.reflect(run, { model: teacher })
 * console.assert(proposals[0]?.text === 'Name the currency of every amount.' && proposals[0].status === 'pending' && dropped.length === 1)
 * await autodidact.close()
 * ```
 */
export const reflect = async (scope: Scope, subject: string | RecordInput, settings: ReflectSettings = {}): Promise<Reflection> => {
  const { model: given, again = false, signal, ...changed } = validated(reflectInput, settings, 'reflect')
  const rules = reflectionRules(changed, scope.settings.reflection)
  const model = given ?? scope.settings.teacher
  const run = typeof subject === 'object' && subject !== null ? (await record(scope, subject)).run : validated(name, subject, 'reflect: run')
  const { taken = { input: 0, output: 0 }, ...done } = await reflected(scope, { run, model, again, signal, rules })
  const { spent } = await balanceOf(scope)
  return { run, ...done, tokens: { ...taken, spentToday: spent, perDay: rules.tokensPerDay } }
}

interface Task {
  readonly run: string
  readonly model: Model | undefined
  readonly again: boolean
  readonly signal: AbortSignal | undefined
  readonly rules: ReflectionRules
}

const nothing = (status: Reflection['status'], reason: string): Done => ({ status, reason, proposals: [], dropped: [] })

const reflected = async (scope: Scope, { run, model, again, signal, rules }: Task): Promise<Done> => {
  const room = rules.inputTokens - tokensOfFrame(rules.kinds)
  const interaction = await readInteraction(scope, run, Math.max(0, room) * 0.6)
  const earlier = again ? undefined : await earlierReflection(scope, run, interaction)
  if (earlier !== undefined) return { ...nothing('already', 'Nothing new is known of the run since it was reflected on. Pass again: true to ask once more.'), proposals: earlier }
  if (model === undefined) return nothing('no-model', 'There is no teacher model. Pass one as models: { teacher } to open, or as model to reflect; everything else works without.')
  const { recorded } = interaction
  const reader = { agent: recorded.agent, user: recorded.user }
  const view = await readView(scope, await learnedOf(scope), reader, rules.kinds, Math.max(0, room) * 0.4)
  const request = requestFor(interaction.lines, view, rules.kinds, rules.outputTokens)
  const asked = tokensOfRequest(request)
  signal?.throwIfAborted()
  const call = await reserve(scope, model.name, asked + rules.outputTokens, rules.tokensPerDay)
  if (call === undefined) return nothing('no-budget', `${rules.tokensPerDay.toLocaleString('en')} tokens a day do not suffice for this one today. It can be asked again after midnight (UTC), or with a larger tokensPerDay.`)

  const answered = await answerOf(model, signal === undefined ? request : { ...request, signal }, rules.timeoutMs)
  // Nobody tells what a model had answered when it broke off: it may have been all that it was allowed.
  const taken = 'error' in answered ? { input: asked, output: rules.outputTokens } : tokensOf(answered, asked)
  await settleCall(scope, call, { ...taken, ok: !('error' in answered) })
  if ('error' in answered) {
    if (signal?.aborted === true) throw answered.error
    return { ...nothing('failed', answered.error instanceof Error ? answered.error.message : 'The model failed.'), taken }
  }

  const found = operationsIn(answered)
  // What is no answer is none to this run: it can be asked again.
  if (found.problem !== undefined && found.operations.length === 0) {
    const reason = `The answer ${found.problem}.`
    return { ...nothing('failed', `${reason} Ask again, or another model.`), dropped: [{ place: undefined, reason }], taken }
  }
  const checked = checkedOperations(found.operations, view, rules.kinds, rules.mostOperations)
  const { operations, dropped } = withoutKnown(checked, { learned: await learnedOf(scope), view, reader, redact: scope.redact })
  const problems: DroppedPart[] = found.problem === undefined ? [] : [{ place: undefined, reason: `The answer ${found.problem}.` }]
  const reflection = await propose(scope, recorded, {
    run,
    model: model.name,
    call: call.id,
    evidence: [...interaction.evidence, ...view.evidence],
    ...audienceOf(view),
    operations: [...operations],
    dropped: dropped.length + problems.length,
  })
  await apply(scope, reflection, operations.length, rules)
  return { status: 'done', reason: undefined, proposals: await proposalsOf(scope, reflection, operations.length), dropped: [...problems, ...dropped].slice(0, mostDropped), taken }
}

const audienceOf = ({ audience: { targets, user } }: View): Pick<FactData['knowledge.proposed'], 'targets' | 'user'> => ({
  ...(targets === undefined ? {} : { targets: [...targets] }),
  ...(user === undefined ? {} : { user }),
})

/** What was proposed of a run before, where nothing has been said of it since. */
const earlierReflection = async (scope: Scope, run: string, { evidence }: Interaction): Promise<Proposal[] | undefined> => {
  const { reflections } = await learnedOf(scope)
  const id = reflections.reflectionOn(run)
  if (id === undefined) return undefined
  for await (const [fact] of scope.storage.read('', { namespace: scope.namespace, ids: [id] })) {
    if (fact?.kind !== 'knowledge.proposed' || evidence.some((seen) => !fact.data.evidence.includes(seen))) return undefined
    return proposalsOf(scope, id, fact.data.operations.length)
  }
  return undefined
}

const answerOf = async (model: Model, request: ModelRequest, timeoutMs: number): Promise<ModelAnswer | { readonly error: unknown }> => {
  try {
    return await ask(model, request, timeoutMs)
  } catch (error) {
    return { error }
  }
}

/** An answer of megabytes is no more expensive than one that is cut off. */
const countedCharacters = 1_000_000

/** What a call took as the model tells it, or about as much as its texts have. */
const tokensOf = ({ tokens, text, value }: ModelAnswer, asked: number): Taken => {
  if (tokens !== undefined) return { input: tokens.input, output: tokens.output }
  return { input: asked, output: estimateTokens((text ?? textOf(value)).slice(0, countedCharacters)) }
}

const textOf = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return ''
  }
}

/** Writes down what is proposed, unless what it is made of was forgotten meanwhile. */
const propose = async (scope: Scope, { run = '', agent, agentVersion, user, session }: FactOf<'run.recorded'>, data: FactData['knowledge.proposed']): Promise<string> => {
  const id = newId('reflection')
  await untilUndisturbed(async () => {
    const sequence = await lastSequence(scope, run)
    const trust = await trustWith(scope, 'agent', data.evidence)
    const fact: NewFactOf<'knowledge.proposed'> = {
      id,
      kind: 'knowledge.proposed',
      version: kinds['knowledge.proposed'].version,
      occurredAt: scope.clock(),
      agent,
      agentVersion,
      user,
      session,
      source: 'reflection',
      trust,
      digest: contentDigest(data),
      data,
    }
    await scope.storage.commit({ namespace: scope.namespace, ...asWritten([fact]), expect: [{ run, sequence }] })
  })
  return id
}

const lastSequence = async ({ storage, namespace }: Scope, run: string): Promise<number> => {
  let last = 0
  for await (const page of storage.read('', { namespace, runs: [run] })) last = page.at(-1)?.sequence ?? last
  if (last === 0) throw new AutodidactError('FORGOTTEN', `The run "${run}" was forgotten while the model was thinking. Nothing that it said of it was kept.`)
  return last
}

const idsOf = (reflection: string, count: number): string[] => Array.from({ length: count }, (_, place) => `${reflection}/${place + 1}`)

/** The proposals of a reflection, each once; one that says what was proposed before is that one. */
const proposalsOf = async (scope: Scope, reflection: string, count: number): Promise<Proposal[]> => {
  const learned = await learnedOf(scope)
  return inFull(scope, learned, [...new Set(idsOf(reflection, count).flatMap((id) => learned.reflections.get(id) ?? []))])
}

/** ExpeL's order: what goes makes room before something comes. */
const order: readonly ProposalSummary['action'][] = ['remove', 'agree', 'update', 'add']

/** Applies what needs no more than this reflection. What cannot be applied any more stays as it is, and its status says so. */
const apply = async (scope: Scope, reflection: string, count: number, rules: ReflectionRules): Promise<void> => {
  if (rules.apply === 'review') return
  const { reflections } = await learnedOf(scope)
  const proposals = [...new Set(idsOf(reflection, count).flatMap((id) => reflections.get(id) ?? []))]
  for (const proposal of proposals.toSorted((left, right) => order.indexOf(left.action) - order.indexOf(right.action))) {
    const learned = await learnedOf(scope)
    const ready = rules.apply === 'at once' || isCorroborated(proposal, rules.corroboration, learned.reflections.namesUsers)
    if (proposal.status !== 'pending' || !ready) continue
    try {
      await applyProposal(scope, proposal, { way: rules.apply === 'at once' ? 'at-once' : 'corroborated' })
    } catch (error) {
      // A person is to decide; or somebody was quicker: another process decided it, changed the rule, or forgot what it was made of.
      if (!AutodidactError.is(error) || !['NOT_ALLOWED', 'CONFLICT', 'FORGOTTEN', 'UNKNOWN_ID'].includes(error.code)) throw error
    }
  }
}

/** Who agrees is what corroborates: that is counted at once. */
const isCorroborated = (proposal: ProposalSummary, needed: number, namesUsers: boolean): boolean =>
  proposal.action === 'agree' || independentVoices([proposal, ...proposal.supporters], namesUsers) >= needed
