import { registerHooks } from 'node:module'
import { entries } from './entries.ts'

/** A test, or an example, may import the package by its name, and gets the source. */
const sources = new Map(entries.map(({ specifier, url }) => [specifier, url]))

registerHooks({ resolve: (specifier, context, nextResolve) => nextResolve(sources.get(specifier) ?? specifier, context) })
