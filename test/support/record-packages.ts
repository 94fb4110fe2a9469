// Preloaded with `node --import`: prints, as JSON on the last line of stdout, every package and builtin resolved on behalf of files of this repository.
import { registerHooks } from 'node:module'

const resolved = new Set<string>()

registerHooks({
  resolve: (specifier, context, nextResolve) => {
    const result = nextResolve(specifier, context)
    // A package's own dependencies are its business: installing it brings them.
    const byPackage = context.parentURL?.includes('/node_modules/') ?? false
    if (!byPackage && !/^(\.|\/|file:)/.test(specifier)) resolved.add(specifier)
    return result
  },
})

process.on('exit', () => process.stdout.write(`\n${JSON.stringify([...resolved])}\n`))
