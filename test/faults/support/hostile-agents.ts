/** What `autodidact/agents` exports and `hostile-agents.test.ts` calls with everything; constants among them. */
export const hostileAgents = [
  'AdaptiveExecution',
  'Api',
  'Coordinator',
  'apiHeavy',
  'backOffMs',
  'classifyError',
  'defaultRetries',
  'errorClasses',
  'incremental',
  'learnedFixes',
  'machineClock',
  'noFixes',
  'parallel',
  'standard',
] as const
