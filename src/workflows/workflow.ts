import type { Comparison } from '../statistics/sequential/judge.ts'
import type { Json } from '../log/payload.ts'
import type { ShareDifference } from '../statistics/newcombe.ts'
import type { Share } from '../statistics/share.ts'

/** When a sequence of actions becomes a workflow, and how long it may try to earn its place; every field has a default. */
export interface WorkflowSettings {
  /** Successful runs that must have had it, from 1. Default 3. */
  readonly support?: number
  /** Judged units of a trial after which a workflow that is not shown to help counts as not helpful, from 1. Default 2,000. */
  readonly trialUnits?: number
}

/** One step of a workflow. */
export interface WorkflowStep {
  readonly action: string
  /** What its inputs had in common, with `{{name}}` where they differed; absent when fewer than two examples are at hand, or they have no input. */
  readonly input?: Json
}

/** What differs between the runs of a workflow: the same name wherever it has the same value. */
export interface WorkflowSlot {
  readonly name: string
  /** Places of the steps that it occurs in, from 0. */
  readonly steps: readonly number[]
}

/** How a workflow does against not being offered. */
export interface WorkflowTrial extends Pick<Comparison, 'difference' | 'low' | 'high' | 'method'> {
  /** Id of the experiment. */
  readonly experiment: string
  readonly point: string
  readonly state: 'running' | 'stopped'
  /** Units to which it was offered, and from which it was withheld; and those of each with a verdict. */
  readonly offered: number
  readonly withheld: number
  readonly judgedOffered: number
  readonly judgedWithheld: number
}

/** A sequence of actions that recurs in successful runs. */
export interface Workflow {
  /** Its id as an option of a choice point: a digest of its actions, the same everywhere. Facts hold this id alone, so that no name of an action is in what was decided for others. */
  readonly id: string
  /** For the option, in words: its actions. */
  readonly description: string
  readonly actions: readonly string[]
  /** Successful runs that did all of it. */
  readonly support: number
  /** Judged runs that attempted it, as a whole number: those that broke off under way to it, or to something else, count in part. */
  readonly runs: number
  /** Share of its runs that went well, by what their verdicts are to be believed. */
  readonly success: Share
  /** The same of runs of the same categories without it, each category counted as often as it has runs with it. */
  readonly baseline: Share
  /** Success less baseline, with an interval that holds at all times with a confidence of 95 %. It is no proof: what is done in runs that would have gone well anyway has it, too. */
  readonly lift: ShareDifference
  /** Categories of its runs, most runs first; runs without a category are left out. */
  readonly categories: readonly string[]
  /**
   * `recurring`: it does not stand out, and is not offered. `candidate`: it stands out, and was not tried yet. `on trial`: an experiment is asking whether offering it is better. `helpful`: it is, with an interval above 0, and it was
   * taken. `not helpful`: its trial is over, and did not show that.
   */
  readonly status: 'recurring' | 'candidate' | 'on trial' | 'helpful' | 'not helpful'
  /** Decisions with a verdict that took it. */
  readonly taken: number
  readonly trial?: WorkflowTrial
  /** All of it in one line. */
  readonly answer: string
}

/** A workflow with what its runs had in common. */
export interface WorkflowInFull extends Workflow {
  readonly steps: readonly WorkflowStep[]
  readonly slots: readonly WorkflowSlot[]
}

/** What was found in the log. */
export interface WorkflowList {
  /** Those that help first, then those on trial, candidates, those that do not help, and what recurs without standing out; within each the surest first. */
  readonly workflows: readonly WorkflowInFull[]
  /** Different sequences that enough runs had, and that were compared with the runs without them. */
  readonly compared: number
  /** So many of them would stand out by chance alone, if none made a difference, at most: 2.5 %. */
  readonly byChance: number
  /** Those that do stand out, before what contains or is contained in a better one was left out. */
  readonly standOut: number
}
