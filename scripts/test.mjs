// `npm test [-- vitest arguments]`: installs what is missing, builds, lints, and runs all tests.
import { join } from 'node:path';
import { build, install, root, run } from './install.mjs';

install();
build();
const bin = (...parts) => join(root, 'node_modules', ...parts);
run(process.execPath, [bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '.'], { stdio: 'inherit' });
run(process.execPath, [bin('vitest', 'vitest.mjs'), 'run', ...process.argv.slice(2)], { stdio: 'inherit' });
