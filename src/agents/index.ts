export * from './data-assistant/index.ts'
