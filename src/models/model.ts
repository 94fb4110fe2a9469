/** One turn of a conversation. */
export interface ModelMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** What a model is asked. */
export interface ModelRequest {
  readonly messages: readonly ModelMessage[]
  /** What the answer must look like, as a JSON Schema (draft 2020-12) with a name that says what it is. Whoever asks checks the answer all the same. */
  readonly schema?: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> }
  /** The answer is cut off behind so many tokens. */
  readonly maxTokens?: number
  /** 0: the likeliest answer. */
  readonly temperature?: number
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal
}

/** What a model answers: a text, or a value where it has structured output. With both, the value counts. */
export interface ModelAnswer {
  readonly text?: string
  readonly value?: unknown
  /** What the call took, where the provider tells; otherwise it is estimated. */
  readonly tokens?: { readonly input: number; readonly output: number }
}

/**
 * A language model: one call. It is used for what a model can do better than a count, and for nothing without which the rest would not work.
 *
 * @example
 * ```ts
 * import type { Model } from 'autodidact'
 *
 * const echo: Model = { name: 'echo', generate: async ({ messages }) => ({ text: messages.at(-1)?.content ?? '' }) }
 * console.assert((await echo.generate({ messages: [{ role: 'user', content: 'hello' }] })).text === 'hello')
 * ```
 */
export interface Model {
  /** For the log and the report: provider and model, such as `openai/gpt-5`. */
  readonly name: string
  generate(request: ModelRequest): Promise<ModelAnswer>
}
