/**
 * The rules of this project about its own source: who may import whom (the table of docs/ARCHITECTURE.md), the
 * removed api, the operations that may hold a driver's functions, and nothing that hides what it reaches.
 */
import {
  boundary,
  defineRules,
  layers,
  noCycles,
  noOpaque,
  noReference,
  noUnresolved,
  type Rule,
} from '#checks/define-rules.ts';

/** Source of the project, its tests aside. */
const SOURCE = '{base,machine,kernel,before,after,library,engine,pmem,recordings,checks,review,cli}/**';

/** Rules over the project's own source (both trees, the machine, the kernel around them, the suite). */
export function projectRules(): readonly Rule[] {
  const rules = [
    removedSymbols(),
    folders(),
    separateTrees(),
    noCycles({
      id: 'CONF-MOD-003',
      title: 'Files do not import each other in circles',
      because: 'In a circle the order of evaluation decides what is defined, and no part can be read alone.',
      instead: 'Move what both files need into a third one, or import only the type.',
      files: [SOURCE, 'series/*.ts'],
      tags: ['modules'],
    }),
    noUnresolved({
      id: 'CONF-MOD-004',
      title: 'Every import leads somewhere',
      because: 'What an import that leads nowhere brings in has the type any, and any hides every call.',
      instead: 'Correct the path, or install the package.',
      files: [SOURCE, 'series/*.ts', 'test/**'],
      strict: true,
      tags: ['modules', 'unprovable'],
    }),
    noOpaque({
      id: 'CONF-OPQ-001',
      title: 'The modelled kernel hides nothing from the checks',
      because:
        'Through any, through computed module names and through code made from text everything can be reached unseen.',
      instead: 'Give the value a type; name the module by a constant.',
      files: ['{machine,kernel,before,after}/**'],
      strict: true,
      tags: ['unprovable'],
    }),
  ];
  return defineRules({ rules }).rules;
}

function removedSymbols(): Rule {
  return noReference({
    id: 'PMEM-API-001',
    title: 'Nothing outside before/ reaches the global pmem api',
    because:
      'The series moves persistent-memory writes into the driver; a caller of the global api flushes caches for devices that did not ask for it.',
    instead:
      'Call the operations the driver publishes: daxCopyFromIter and daxFlush on the dax device, or the _flushcache copies inside drivers/nvdimm.',
    symbols: ['before/include/linux/pmem.ts#*'],
    files: ['{after,kernel,base,machine,engine,pmem,recordings,checks,review,cli}/**', 'series/*.ts'],
    strict: true,
    tags: ['series', 'removed'],
  });
}

function folders(): Rule {
  const node = ['node:*'];
  return layers({
    id: 'CONF-MOD-001',
    title: 'Folders import only the folders below them',
    because:
      'Data moves one way: workload, run, record, comparison, verdict, report. The engine knows subjects and not pmem; only the configuration in series/ joins them.',
    instead: 'Move the code to the folder that may know both, or pass the value in.',
    layers: [
      { name: 'base', files: ['base/**'], may: [] },
      { name: 'machine', files: ['machine/**'], may: ['base'], packages: node },
      { name: 'kernel', files: ['kernel/**'], may: ['machine', 'base'], packages: node },
      { name: 'library', files: ['library/**'], may: ['machine'] },
      { name: 'before', files: ['before/**'], may: ['kernel', 'machine'], packages: [] },
      { name: 'after', files: ['after/**'], may: ['kernel', 'machine'], packages: [] },
      { name: 'engine', files: ['engine/**'], may: ['base'] },
      { name: 'pmem', files: ['pmem/**'], may: ['engine', 'kernel', 'machine', 'base'] },
      { name: 'recordings', files: ['recordings/**'], may: ['engine', 'machine', 'base'] },
      // Ready rules import what a user's file does.
      { name: 'checks', files: ['checks/**', '!checks/**/*.boundary.config.ts'], may: ['engine', 'base'] },
      { name: 'review', files: ['review/**'], may: ['engine', 'checks', 'base'] },
      { name: 'series', files: ['series/**'], may: ['pmem', 'engine', 'checks', 'base'] },
      {
        name: 'cli',
        files: ['cli/**'],
        may: ['series', 'review', 'pmem', 'recordings', 'checks', 'engine', 'kernel', 'machine', 'base'],
      },
    ],
    mayBeEmpty: true,
    tags: ['modules'],
  });
}

function separateTrees(): Rule {
  return boundary({
    id: 'CONF-MOD-002',
    title: 'Neither tree is reached by name from below, nor from the other tree',
    because: 'The two implementations must stay independent; what runs them loads a tree by its path.',
    instead: 'Share through kernel/ or machine/.',
    files: ['{base,machine,kernel,engine,pmem,recordings,checks,review,series,cli}/**'],
    mustNotImport: ['{before,after}/**'],
    reach: 'transitive',
    tags: ['modules'],
  });
}
