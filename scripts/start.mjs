// `npm start`: installs what is missing, builds, and runs the main job on the virtual board.
import { join } from 'node:path';
import { build, install, root, run } from './install.mjs';

install();
build();
run(process.execPath, [join(root, 'dist', 'src', 'cli', 'main.js'), 'demo', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
