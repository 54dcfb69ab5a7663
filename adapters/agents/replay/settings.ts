// The block `replay:` of WORKFLOW.md: what is played, and how fast. Whether the files are there is not asked here but
// when the agent is checked and when a session starts. docs/agents/replay.md is the page for users.

import { z } from 'zod';

const path = z.string().min(1).max(4096);

/** May be quoted, like every number in WORKFLOW.md. */
const number = (max: number) =>
  z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d+(?:\.\d+)?$/, 'must be a number')
        .transform(Number),
    ])
    .pipe(z.number().min(0).max(max));

export const replaySettings = z.object({
  transcript: z
    .union([path, z.array(path).min(1).max(1000)])
    .describe('file that is played, or a list of them; must be set')
    .optional(),
  agent: z
    .string()
    .min(1)
    .max(100)
    .describe("agent kind that it was recorded from; sortie's own transcripts know it")
    .optional(),
  speed: number(1_000_000).describe('1 = as recorded, 2 = twice as fast, 0 = at once').prefault(1),
  lines_per_second: number(1_000_000)
    .refine((pace) => pace > 0, 'must be above 0')
    .describe('a fixed pace instead of the recorded one')
    .optional(),
});

export type ReplaySettings = z.infer<typeof replaySettings>;

/** The files to play, in order; [] when none is set. */
export function transcriptPaths({ transcript }: ReplaySettings): readonly string[] {
  return transcript === undefined ? [] : typeof transcript === 'string' ? [transcript] : transcript;
}
