/** Files of `engram init`: a network, a task that teaches it, and how to go on. */
export const starterFiles: Readonly<Record<string, string>> = {
  'network.ts': `import { network } from 'engram';

// Two cues, two answers. The synapses between them learn from a reward that comes late:
// each keeps an eligibility tag for about a second, and the reward turns tags into weights.
const net = network({ name: 'starter', seed: 1 });

const cue = net.input('cue', 20);
const answer = net.lif('answer', {
  size: 10,
  tauMembrane: '20 ms',
  tauSynapse: '5 ms',
  refractory: '3 ms',
  noise: 0.018,
});
net.modulator('reward', { tau: '50 ms', baseline: { events: 20 } });

net.project(cue, answer, {
  name: 'cue-answer',
  connect: 'all-to-all',
  weight: 0.03,
  plasticity: { rule: 'rstdp', modulator: 'reward', weightRange: [0, 0.08], aMinus: 0.25, tauTag: '1 s', rate: 3e-6 },
});

// The two answers, five neurons each, hold each other down.
net.project(answer.slice(0, 5), answer.slice(5, 10), { name: 'left-right', connect: 'all-to-all', weight: -0.1 });
net.project(answer.slice(5, 10), answer.slice(0, 5), { name: 'right-left', connect: 'all-to-all', weight: -0.1 });

export default net;
`,
  'task.ts': `import { defineTask, z } from 'engram';

// A task is a generator: it yields what happens next and gets the spikes that came of it.
export default defineTask({
  name: 'starter',
  summary: 'answer left to the first cue and right to the second; reward comes half a second later',
  options: z.object({ seed: z.number().default(1), trials: z.number().default(300) }),

  *play({ options, draws, population, report }) {
    const cue = population('cue');
    const answer = population('answer');
    for (let trial = 0; trial < options.trials; trial++) {
      const cued = draws.integer(0, 1);
      const spikes = yield { run: 200, spikes: cueSpikes(cued) };
      const left = count(spikes, answer.unit(0), answer.unit(4));
      const right = count(spikes, answer.unit(5), answer.unit(9));
      const correct = (right > left ? 1 : 0) === cued;
      yield { run: 800, rewards: [{ in: 500, modulator: 'reward', value: correct ? 1 : -1 }] };
      report({ correct, cued, left, right });
    }

    // Ten lines of the cue, 60 spikes a second each, for 200 ms.
    function cueSpikes(cued: number) {
      const spikes: { in: number; unit: number }[] = [];
      for (let tick = 0; tick < 200; tick++)
        for (let line = 0; line < 10; line++)
          if (draws.uniform() < 0.06) spikes.push({ in: tick, unit: cue.unit(cued * 10 + line) });
      return spikes;
    }
  },
});

function count(spikes: { count: number; units: Uint32Array }, first: number, last: number): number {
  return spikes.units.subarray(0, spikes.count).filter((unit) => unit >= first && unit <= last).length;
}
`,
  'README.md': `# Starter

- \`engram validate network.ts\` checks the network.
- \`engram inspect network.ts\` shows what it takes on a board.
- \`engram run network.ts --task task.ts\` teaches it, on the virtual board or with \`--port\` on a real one.

Change \`tauTag\` in \`network.ts\` to \`'20 ms'\`: the reward then comes too late, and nothing is learned.
`,
};
