// `npm run bench:NAME`: installs what is missing, builds, and runs one benchmark.
import { join } from 'node:path';
import { build, install, root, run } from './install.mjs';

const [name, ...args] = process.argv.slice(2);
install();
build();
run(process.execPath, [join(root, 'dist', 'bench', `${name}.js`), ...args], { stdio: 'inherit' });
