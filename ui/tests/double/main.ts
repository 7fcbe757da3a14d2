import { installShell } from './shell';
import { DoubleTill, type Scene } from './till';

/** Starts the window over a double: `?scene={"lines":4}` says how it stands, `?dir=rtl` mirrors. */
const query = new URLSearchParams(window.location.search);
const scene = JSON.parse(query.get('scene') ?? '{}') as Partial<Scene>;
const till = new DoubleTill(scene);
installShell(window, till);
Object.assign(window, { till });

await import('../../src/main');

const direction = query.get('dir');
if (direction) document.documentElement.dir = direction;
