import type { Command } from 'commander'
import { Option } from 'commander'
import type { CopiedNamespace, CopyReceipt } from '../../copy/receipt.ts'
import { addCommand } from '../command.ts'
import { defined } from '../option-values.ts'
import { print } from '../perform.ts'
import { exitCodes } from '../failure.ts'
import { encryptionIn, type SecretFiles } from '../secret.ts'
import { counted, dim, printable, wrapped } from '../text.ts'

interface Options extends SecretFiles {
  readonly namespace?: string
  readonly as?: string
  readonly toKeyFile?: string
  readonly toPassphraseFile?: string
  readonly forget?: true
  readonly json?: true
}

/** So many refused facts are shown of each namespace. */
const mostShown = 10

const namespaceText = ({ namespace, as, facts, merged, erased, refusedFacts, refused }: CopiedNamespace): string[] => [
  `${printable(namespace)}${as === namespace ? '' : ` as ${printable(as)}`}: ${counted(facts, 'fact')} copied, ${merged} there before${erased === 0 ? '' : `, ${erased} forgotten`}${refusedFacts === 0 ? '' : `, ${refusedFacts} refused`}`,
  ...refused.slice(0, mostShown).map(({ id, kind, code, reason }) => wrapped(`${code}: ${kind} ${printable(id)}. ${reason}`, 2)),
  ...(refusedFacts > mostShown ? [dim(`  and ${refusedFacts - mostShown} more; see --json`)] : []),
]

const receiptText = ({ namespaces, to }: CopyReceipt): string => (namespaces.length === 0 ? `There was nothing to copy to ${to}.` : namespaces.flatMap(namespaceText).join('\n'))

export const addCopy = (program: Command): void => {
  addCommand(program, {
    usage: 'copy <from> <to>',
    summary: 'To another store: of another kind, encrypted, merged',
    description:
      'Copy everything that one store holds to another one: a file to a folder or the\nreverse, to an encrypted one, or to one with facts of its own. What is there is\nmerged, so that it can be repeated; what is there with other content is refused\nand told, and the exit code is 1. The source may be in use.',
    examples: [
      'autodidact copy agent/ agent.db',
      'autodidact copy agent.db secret.db --to-key-file secret.key',
      'autodidact copy agent.db agent.db --namespace default --as acme',
    ],
  })
    .option('-n, --namespace <name>', 'only this one')
    .option('--as <name>', 'what it is called in the copy')
    .addOption(new Option('--key-file <file>', 'a file with the key of an encrypted one').env('AUTODIDACT_KEY_FILE'))
    .addOption(new Option('--passphrase-file <file>', 'a file with its passphrase').env('AUTODIDACT_PASSPHRASE_FILE'))
    .option('--to-key-file <file>', 'a file with the key of the copy')
    .option('--to-passphrase-file <file>', 'a file with its passphrase')
    .option('--forget', 'erase there what was forgotten in the source')
    .action(async (from: string, to: string, { namespace, as, toKeyFile, toPassphraseFile, forget, json, ...secret }: Options) => {
      const encryption = await encryptionIn(secret)
      const toEncryption = await encryptionIn(defined({ keyFile: toKeyFile, passphraseFile: toPassphraseFile }))
      const { copyStore } = await import('../../copy/copy.ts')
      const receipt = await copyStore(from, to, defined({ namespace, as, forget, encryption, toEncryption }))
      print(defined({ json }), receipt, () => receiptText(receipt))
      if (!receipt.complete) process.exitCode = exitCodes.failed
    })
}
