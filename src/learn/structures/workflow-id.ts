/** Whether an option is a workflow, by its id: a digest of its actions. Who makes one is not for learners to know, which load no cryptography. */
export const isWorkflowId = (option: string): boolean => /^workflow:[\da-f]{32}$/.test(option)
