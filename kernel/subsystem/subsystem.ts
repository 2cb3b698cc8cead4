/** The one interface of a booted tree: perform an operation, see what it returned and what the machine recorded. */
import { printableJson } from '#base/printable.ts';
import type { Machine } from '#machine/hardware/machine.ts';
import { errnoName } from '../errno.ts';
import { KernelOops, type LogLine } from '../kernel.ts';
import { MemoryFault } from '#machine/hardware/memory.ts';
import type { Tree } from '../tree.ts';
import type { System } from './system.ts';
import { bringUp, powerOnSystem } from './boot.ts';
import { carriedOverOf } from './carried-over.ts';
import type { BootConfiguration, CarriedOver, DiskMemory, Operation, OperationResult } from './operation.ts';
import {
  performBio,
  performClearError,
  performFlush,
  performLifecycle,
  performMachineCheck,
  performPage,
  performPlatform,
  performPoison,
  performRaw,
  performSetReadOnly,
  performZeroout,
} from './perform-block.ts';
import {
  performCreate,
  performDaxRead,
  performDaxWrite,
  performFsync,
  performLoad,
  performMmap,
  performMsync,
  performStore,
  performTruncate,
  performZero,
} from './perform-file.ts';
import { performDmCreate } from './perform-dm.ts';
import { performOnNamespaces } from './perform-namespace.ts';
import { type Surroundings, surroundingsOf } from './surroundings.ts';
import { sysfsList, sysfsRead, sysfsWrite } from './sysfs.ts';

/** A booted tree. Nothing else of a tree is visible to the suite. */
export interface Subsystem {
  readonly machine: Machine;
  readonly log: readonly LogLine[];
  /** Where the memory of each pmem disk and of each disk over volatile memory lies. */
  readonly memory: readonly DiskMemory[];
  /**
   * Performs one operation and notes its acknowledgement in the machine's record. `operationIndex` is its place in
   * the workload: it marks the bytes that it writes. A kernel that died answers every later operation with its oops.
   */
  perform(operation: Operation, operationIndex: number): OperationResult;
  /** From here on `listener` hears of every point at which another task could get in (`Cpu.onPoint`); without one, nobody. */
  watch(listener?: (name: string) => void): void;
  /** What a power failure now does not touch, besides what persistent memory holds. */
  carriedOver(): CarriedOver;
  /** Where disks, files and poison are now. */
  surroundings(): Surroundings;
}

/** Boots `tree`: what every tree's `index.ts` exports. */
export function bootSubsystem(tree: Tree, configuration: BootConfiguration): Subsystem {
  const { system, layout } = powerOnSystem(tree, configuration);
  const { machine, log } = system.kernel;
  let surroundings: Surroundings | undefined;
  let oops: string | undefined;
  try {
    bringUp(system, layout, configuration);
  } catch (error) {
    oops = oopsText(error);
    if (oops === undefined) throw error;
  }
  return {
    machine,
    log,
    memory: machine.configuration.ranges.map(({ name, start, sizeBytes }) => ({
      disk: diskOf(system, start) ?? name,
      start,
      sizeBytes,
    })),
    watch(listener) {
      if (listener === undefined) delete machine.cpu.onPoint;
      else machine.cpu.onPoint = listener;
    },
    carriedOver: () => carriedOverOf(system),
    surroundings: () => (surroundings = surroundingsOf(system, surroundings)),
    perform(operation, operationIndex) {
      if (oops !== undefined) {
        machine.record.acknowledge(operationIndex);
        return { returned: 0, oops };
      }
      try {
        return performOperation(system, operation, operationIndex);
      } catch (error) {
        oops = oopsText(error);
        if (oops === undefined) throw error;
        return { returned: 0, oops };
      } finally {
        machine.record.acknowledge(operationIndex);
      }
    },
  };
}

/** The disk over the region that begins at an address, also where no driver is bound. */
function diskOf(system: System, start: number): string | undefined {
  const regions = system.buses.flatMap((bus) => bus.regions);
  const region = regions.find((candidate) => candidate.type !== 'nd_blk' && candidate.start === start);
  return region === undefined ? undefined : `pmem${region.id}`;
}

/** What the console says of a kernel that died; `undefined` for a defect of this program. */
function oopsText(error: unknown): string | undefined {
  if (error instanceof KernelOops) return error.message;
  if (error instanceof MemoryFault) {
    return error.reason === 'poison' ? `machine check: ${error.message}` : `page fault: ${error.message}`;
  }
  return undefined;
}

function performOperation(system: System, operation: Operation, operationIndex: number): OperationResult {
  switch (operation.kind) {
    case 'create':
    case 'dax write':
    case 'dax read':
    case 'mmap':
    case 'store':
    case 'load':
    case 'fsync':
    case 'msync':
    case 'zero':
    case 'zero in place':
    case 'punch':
    case 'truncate':
      return performOnFile(system, operation, operationIndex);
    case 'bio write':
    case 'bio read':
      return performBio(system, operation, operationIndex);
    case 'page write':
    case 'page read':
      return performPage(system, operation, operationIndex);
    case 'zeroout':
      return performZeroout(system, operation);
    case 'flush':
      return performFlush(system, operation);
    case 'set read-only':
      return performSetReadOnly(system, operation);
    case 'raw write':
    case 'raw read':
      return performRaw(system, operation, operationIndex);
    case 'dm create':
      return performDmCreate(system, operation);
    case 'sysfs read':
    case 'sysfs write':
    case 'sysfs list':
      return performSysfs(system, operation);
    case 'poison':
    case 'media poison':
      return performPoison(system, operation);
    case 'clear error':
      return performClearError(system, operation);
    case 'machine check':
      return performMachineCheck(system, operation);
    case 'platform':
      return performPlatform(system, operation);
    case 'check namespace':
    case 'personality':
    case 'create namespace':
    case 'destroy namespace':
    case 'zero labels':
    case 'fail commands':
      return performOnNamespaces(system, operation, operationIndex);
    case 'kill':
    case 'detach':
    case 'attach':
    case 'shutdown':
      return performLifecycle(system, operation);
    case 'pid':
    case 'signal':
      return performTask(system, operation);
  }
}

/** Operations on files of a DAX file system. */
function performOnFile(
  system: System,
  operation: Extract<Operation, { file: unknown }>,
  operationIndex: number,
): OperationResult {
  switch (operation.kind) {
    case 'create':
      return performCreate(system, operation);
    case 'dax write':
      return performDaxWrite(system, operation, operationIndex);
    case 'dax read':
      return performDaxRead(system, operation);
    case 'mmap':
      return performMmap(system, operation);
    case 'store':
      return performStore(system, operation, operationIndex);
    case 'load':
      return performLoad(system, operation);
    case 'fsync':
      return performFsync(system, operation);
    case 'msync':
      return performMsync(system, operation);
    case 'zero':
    case 'zero in place':
    case 'punch':
      return performZero(system, operation);
    case 'truncate':
      return performTruncate(system, operation);
  }
}

/** Another task runs from here on, or a signal comes for the one that does. */
function performTask(
  { kernel }: System,
  operation: Extract<Operation, { kind: 'pid' | 'signal' }>,
): OperationResult {
  if (operation.kind === 'pid') kernel.current.pid = operation.pid;
  else kernel.current.fatalSignal = operation.pending;
  return { returned: 0 };
}

function performSysfs(
  system: System,
  operation: Extract<Operation, { kind: 'sysfs read' | 'sysfs write' | 'sysfs list' }>,
): OperationResult {
  if (operation.kind === 'sysfs write') {
    return { returned: sysfsWrite(system, operation.path, operation.text) };
  }
  if (operation.kind === 'sysfs read') {
    const text = sysfsRead(system, operation.path);
    return typeof text === 'number' ? { returned: text } : { returned: text.length, text };
  }
  const names = sysfsList(system, operation.path);
  return typeof names === 'number' ? { returned: names } : { returned: names.length, text: names.join(' ') };
}

/** A result in a few words: the count or the error's name, the text (after the error, if any), or why the kernel died. */
export function describeResult(result: OperationResult): string {
  if (result.oops !== undefined) return `oops: ${result.oops}`;
  const { returned, text } = result;
  if (text === undefined) return errnoName(returned);
  const quoted = printableJson(text);
  return returned < 0 ? `${errnoName(returned)} ${quoted}` : quoted;
}
