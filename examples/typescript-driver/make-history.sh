#!/bin/sh
# Makes a git repository in the folder given: a small library in TypeScript that saves through a global helper, and five commits on
# branch 'work' which move it behind a driver that is handed in. The third loses something. The history is the same on every machine.
set -eu
[ $# -eq 1 ] || { echo "usage: make-history.sh FOLDER" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
[ -z "$(ls -A)" ] || { echo "$1 is not empty" >&2; exit 2; }

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME='An Example' GIT_AUTHOR_EMAIL=example@example.org GIT_AUTHOR_DATE='2024-01-01T00:00:00Z'
export GIT_COMMITTER_NAME='An Example' GIT_COMMITTER_EMAIL=example@example.org
export GIT_COMMITTER_DATE='2024-01-01T00:00:00Z'
commit() {
  git add --all
  git commit --quiet --message "$1"
}
git init --quiet --initial-branch=main

# The compiler of this tool stands for one that the project would install.
ln -s "$here/../../node_modules" node_modules
echo node_modules > .gitignore
mkdir src workloads contracts
cat > conform.config.ts <<'END'
import { defineProject } from 'pmem-conform/config';

export default defineProject({
  range: 'main..work',
  probe: {
    build:
      '"$CONFORM_PROJECT/node_modules/.bin/esbuild" src/index.ts --bundle --format=esm --outfile=built/index.mjs --log-level=error',
    run: 'node "$CONFORM_PROJECT/probe.mjs"',
    workloads: ['workloads/*.txt'],
    dimensions: {
      read: { meaning: 'what users read back' },
      disk: { meaning: 'what the disk holds' },
      syncs: { meaning: 'syncs of the disk', compare: 'number', stronger: 'lower' },
    },
  },
});
END
cat > probe.mjs <<'END'
// Runs the library of the tree it is started in on a disk that knows what a power failure would lose, and prints what is seen.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const { openStore } = await import(pathToFileURL('built/index.mjs').href);
const [files, unsynced] = [new Map(), new Set()];
let syncs = 0;
const store = openStore({
  write(name, text) {
    files.set(name, text);
    unsynced.add(name);
  },
  sync(name) {
    syncs++;
    unsynced.delete(name);
  },
});
for (const line of readFileSync(0, 'utf8').split('\n')) {
  if (line === '') continue;
  const [word, name, value] = line.split(' ');
  if (word === 'say') store.say(name);
  if (word === 'set') store.set(name, value);
  if (word === 'get') console.log(`read\t${name}\t${store.get(name)}`);
  for (const file of unsynced) console.log(`promise\t${file}\t'${line}' has returned and may be lost`);
}
for (const [name, text] of files) console.log(`disk\t${name}\t${JSON.stringify(text)}`);
console.log(`syncs\t\t${syncs}`);
END
cat > boundary.config.ts <<'END'
import { defineRules, noReference } from 'pmem-conform/rules';

export default defineRules({
  rules: [
    noReference({
      id: 'STORE-DISK',
      title: 'Only what makes writes durable touches the disk',
      because: 'A write that nobody syncs is lost with the power.',
      instead: 'Call save.',
      symbols: ['src/disk.ts#Disk.*'],
      files: ['src/**'],
      except: ['src/global.ts', 'src/driver.ts'],
    }),
  ],
});
END
echo '{ "compilerOptions": { "module": "nodenext", "target": "es2023", "strict": true, "noEmit": true, "types": [] }, "include": ["src"] }' > tsconfig.json
echo '{ "type": "module" }' > package.json
printf 'set colour red\nset size 3\nget colour\n' > workloads/settings.txt
printf 'say started\nsay stopped\nsay stopped\n' > workloads/status.txt
printf 'say started\nset colour red\nset colour blue\nget colour\nsay stopped\n' > workloads/both.txt

cat > src/disk.ts <<'END'
/** Where things are kept. What is written may be lost with the power until it is synced. */
export interface Disk {
  write(name: string, text: string): void;
  sync(name: string): void;
}
END
cat > src/global.ts <<'END'
import type { Disk } from './disk.ts';

let disk: Disk | undefined;

export function useDisk(given: Disk): void {
  disk = given;
}

/** Saves a file on the one disk there is: durable when it returns. */
export function save(name: string, text: string): void {
  disk?.write(name, text);
  disk?.sync(name);
}
END
cat > src/status.ts <<'END'
import { save } from './global.ts';

export class Status {
  say(line: string): void {
    save('status', line);
  }
}
END
cat > src/settings.ts <<'END'
import { save } from './global.ts';

export class Settings {
  readonly #values: Record<string, string> = {};

  get(name: string): string | undefined {
    return this.#values[name];
  }

  set(name: string, value: string): void {
    this.#values[name] = value;
    save('settings', JSON.stringify(this.#values));
  }
}
END
cat > src/index.ts <<'END'
import type { Disk } from './disk.ts';
import { useDisk } from './global.ts';
import { Status } from './status.ts';
import { Settings } from './settings.ts';

export interface Store {
  say(line: string): void;
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

export function openStore(disk: Disk): Store {
  useDisk(disk);
  const [status, settings] = [new Status(), new Settings()];
  return {
    say: (line) => status.say(line),
    get: (name) => settings.get(name),
    set: (name, value) => settings.set(name, value),
  };
}
END
commit 'Keep a status and settings'

git checkout --quiet -b work
cat > src/driver.ts <<'END'
import type { Disk } from './disk.ts';

/** Saves files on a disk: durable when `save` returns. */
export class Driver {
  readonly disk: Disk;

  constructor(disk: Disk) {
    this.disk = disk;
  }

  save(name: string, text: string): void {
    this.disk.write(name, text);
    this.disk.sync(name);
  }
}
END
commit 'Add a driver that saves'

replace() {
  sed "$2" "$1" > aside
  mv aside "$1"
}
cat > src/status.ts <<'END'
import type { Driver } from './driver.ts';

export class Status {
  readonly #driver: Driver;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  say(line: string): void {
    this.#driver.save('status', line);
  }
}
END
replace src/index.ts "s/new Status()/new Status(new Driver(disk))/; 1a\\
import { Driver } from './driver.ts';"
commit 'Hand the driver to the status'

cat > src/settings.ts <<'END'
import type { Driver } from './driver.ts';

export class Settings {
  readonly #driver: Driver;
  readonly #values: Record<string, string> = {};

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  get(name: string): string | undefined {
    return this.#values[name];
  }

  set(name: string, value: string): void {
    this.#values[name] = value;
    this.#driver.disk.write('settings', JSON.stringify(this.#values));
  }
}
END
replace src/index.ts 's/new Settings()/new Settings(new Driver(disk))/'
commit 'Hand the driver to the settings'

git rm --quiet src/global.ts
replace src/index.ts "/useDisk/d; s/\\[new Status(new Driver(disk)), new Settings(new Driver(disk))\\]/[new Status(driver), new Settings(driver)]/; s/^  const \\[status/  const driver = new Driver(disk);\\
  const [status/"
commit 'Remove the global helper'

replace src/driver.ts "s/  readonly disk: Disk;/  readonly disk: Disk;\\
  #last = '';/; s/    this.disk.write(name, text);/    if (this.#last === name + text) return;\\
    this.#last = name + text;\\
    this.disk.write(name, text);/"
cat > contracts/once.contract.yaml <<'END'
commit: Save nothing twice
class: behaviour
differences:
  - id: D-nothing-twice
    shows: syncs stronger
    because: what is saved already need not be saved again
END
commit 'Save nothing twice'
