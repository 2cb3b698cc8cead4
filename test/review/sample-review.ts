/** A made-up review with something in every field, for tests of the renderings. */
import type { StepReview } from '#review/model.ts';

/** Step 3 of nothing: fails, with one declared and one undeclared difference, and one declaration that nothing shows. */
export function sampleReview(changes: Partial<StepReview> = {}): StepReview {
  return {
    step: 3,
    subject: 'dax: convert the copies',
    message: 'Because the driver knows best.\n\nSecond paragraph.',
    contract: {
      step: 3,
      class: 'convert',
      summary: 'Leads the copies of fs/dax to the driver.',
      upstream: { commits: ['0123456789ab'], differs: 'The helper has another name.' },
      api: { added: [], removed: [], moved: [], changed: [] },
      callers: [],
      noCallersFromHere: [],
      mayGainCallers: [],
      differences: [
        {
          id: 'D3-edges',
          shows: [{ dimension: 'acked', relation: 'stronger' }],
          when: { operation: ['dax write'], writeCache: ['default', 'write back'] },
          because: 'Every segment is written back by itself.',
        },
        {
          id: 'D3-stale',
          shows: [{ dimension: 'log', relation: 'other' }],
          when: {},
          because: 'Nobody has ever seen this one.',
        },
      ],
      rules: ['PMEM-API-001'],
    },
    diff: [
      {
        file: 'fs/dax.ts',
        status: 'changed',
        hunks: [
          {
            header: '@@ -1,2 +1,3 @@',
            lines: [
              { kind: ' ', text: 'same', moved: false },
              { kind: '-', text: 'old', moved: false },
              { kind: '+', text: 'new', moved: false },
              { kind: '+', text: 'carried here', moved: true, run: 1 },
            ],
          },
        ],
      },
      {
        file: 'gone.ts',
        status: 'removed',
        hunks: [
          { header: '@@ -1,1 +0,0 @@', lines: [{ kind: '-', text: 'carried here', moved: true, run: 1 }] },
        ],
      },
    ],
    api: {
      added: [{ symbol: 'a.ts#added', signature: 'function added(): void' }],
      removed: [{ symbol: 'a.ts#removed', signature: 'function removed(): void' }],
      moved: [{ from: 'a.ts#moved', to: 'b.ts#moved' }],
      changed: [
        {
          symbol: 'a.ts#Ops',
          before: 'interface Ops { a(): void; }',
          after: 'interface Ops { a(): void; b?(x: { y: number; }): void; }',
        },
      ],
    },
    apiProblems: ['a.ts#added is added, but the contract does not say so'],
    callers: [
      { place: 'u.ts:7', caller: 'u.ts#user', from: 'a.ts#old', to: 'a.ts#new', fromAlso: [], toAlso: [] },
      { place: 'u.ts:8', caller: 'u.ts#user', from: '', to: 'a.ts#more', fromAlso: [], toAlso: [] },
    ],
    evidence: {
      step: 3,
      workloads: 60,
      places: 412,
      differences: [
        {
          workload: 'T2 segments',
          index: 0,
          at: 'dax write pmem0:/f @0 iov 1,4095',
          cause: 'dax write iovec',
          dimension: 'acked',
          relation: 'stronger',
          before: 'may lose bytes 0 to 8',
          after: 'loses nothing',
          declaredAs: ['D3-edges'],
        },
        {
          workload: 'T2 segments',
          index: -1,
          at: 'the whole run',
          cause: 'boot',
          dimension: 'log',
          relation: 'other',
          before: 'silent',
          after: 'warns',
          declaredAs: [],
        },
      ],
      failures: [
        {
          kind: 'undeclared difference',
          cause: 'boot',
          also: {},
          message: 'no declaration covers a warning',
          workload: 'boot adr clwb pmem0=2M\nfsync pmem0:/f\n',
          witness: ['pmem0+0x0  00 00', '           01 02'],
          traces: [{ at: 'fsync pmem0:/f', before: ['W0', 'S'], after: [] }],
          replay: "npx pmem-conform replay --trace 'fsync pmem0:/f'",
          origin: {
            cameInAt: 1,
            reachableAt: 3,
            suspects: [{ place: 'fs/dax.ts:2', text: 'new', step: 1 }],
          },
          road: {
            place: 'pmem0',
            first: 12,
            last: 12,
            storedBy: 'dax write',
            promisedBy: 'fsync',
            instruction: 'c12:1',
            frames: [
              { file: 'fs/dax.ts', line: 2, function: 'copy', text: 'new', step: 1, functionStep: 1 },
              {
                file: 'kernel/vfs.ts',
                line: 9,
                function: 'write',
                text: 'copy()',
                step: null,
                functionStep: null,
              },
            ],
            step: 1,
          },
        },
        { kind: 'stale declaration', cause: '', message: 'D3-stale: no workload shows it', also: {} },
      ],
      untried: [],
      standing: ['V9 short copies'],
      cost: {
        before: { movnti: 100, 'cached stores': 5, 'write-backs': 8, sfence: 4, mfence: 0, 'flush hints': 2 },
        after: { movnti: 100, 'cached stores': 4, 'write-backs': 12, sfence: 4, mfence: 0, 'flush hints': 2 },
      },
      againstFirst: { acknowledged: 'stronger', synced: 'equal' },
    },
    claims: [
      {
        id: 'promise',
        text: 'Every promise that the tree before keeps is kept',
        isKept: true,
        seen: '60 scenarios',
      },
      {
        id: 'D3-edges-acked-stronger',
        text: 'acked may be stronger',
        declaration: {
          id: 'D3-edges',
          when: 'operation dax write; write cache default or write back',
          because: 'Every segment is written back by itself.',
        },
        isKept: true,
        seen: '1 difference in 1 scenario',
        witness: {
          dimension: 'acked',
          relation: 'stronger',
          workload: 'T2 segments',
          text: 'dax write pmem0:/f @0 iov 1,4095\nfsync pmem0:/f',
          replay: "npx pmem-conform replay --trace 'dax write pmem0:/f @0 iov 1,4095 / fsync pmem0:/f'",
          index: 0,
          at: 'dax write pmem0:/f @0 iov 1,4095',
          before: 'may lose bytes 0 to 8',
          after: 'loses nothing',
          shown: {
            witness: ['pmem0+0x0  00 00', '           07 08'],
            traces: [{ at: 'dax write', before: ['c0:1', 'S'], after: ['c0:1', 'S', 'W0'] }],
          },
        },
      },
      {
        id: 'D3-stale-log-other',
        text: 'log may differ',
        declaration: { id: 'D3-stale', when: 'always', because: 'Nobody has ever seen this one.' },
        isKept: false,
        seen: 'nothing showed it',
      },
    ],
    dimensions: [
      { name: 'acked', meaning: 'images once an operation has returned', isResult: false },
      { name: 'log', meaning: 'the kernel log', isResult: false },
    ],
    unused: ['punch', 'truncate'],
    verdict: 'fails',
    ...changes,
  };
}
