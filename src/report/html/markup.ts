/** Text that is HTML already. Whatever is not is escaped where it is put in, so that no task, agent or option can become part of the page. */
export class Markup {
  readonly html: string

  constructor(html: string) {
    this.html = html
  }
}

/** What may be put into a page: a text or number is escaped, and nothing stands for what is absent. */
export type Content = Markup | string | number | undefined | readonly Content[]

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Of any text, without the control characters and the lone surrogates that no page may hold, and without those that turn the direction of what follows. */
export const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')

const rendered = (content: Content): string => {
  if (content === undefined) return ''
  if (content instanceof Markup) return content.html
  return typeof content === 'object' ? content.map(rendered).join('') : escaped(String(content))
}

/** A piece of a page: what stands in the template is HTML, and what is put into it is text. */
export const html = (parts: TemplateStringsArray, ...contents: readonly Content[]): Markup =>
  new Markup(parts.map((part, place) => part + rendered(contents[place])).join(''))
