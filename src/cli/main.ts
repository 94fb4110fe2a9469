#!/usr/bin/env node
// Nothing is imported before the check: an older Node would fail on an import, with a message that does not say what to do.
const oldestNode = 24
const [major = 0] = process.versions.node.split('.').map(Number)

if (major < oldestNode) {
  process.stderr.write(`autodidact needs Node ${oldestNode} or later; this is ${process.versions.node}. Install a newer Node, or run it with npx -p node@${oldestNode} autodidact.\n`)
  process.exitCode = 1
} else {
  // Each command is a process of its own, and most of its time is loading: a third of it is left from the second call on.
  const { enableCompileCache } = await import('node:module')
  enableCompileCache()
  const { runCommandLine } = await import('./program.ts')
  process.exitCode = await runCommandLine(process.argv.slice(2))
}
