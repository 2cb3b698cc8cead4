/**
 * A booted kernel: what every function of the modelled kernel reaches through the CPU it runs on in the real one.
 * It is an object and not module state, so that many kernels live side by side in one process. Left out: scheduling,
 * interrupts, memory reclaim (docs/ARCHITECTURE.md).
 */
import type { Cpu } from '#machine/hardware/cpu.ts';
import type { Machine } from '#machine/hardware/machine.ts';
import type { GenDisk } from './block/disk.ts';

/** CONFIG_ symbols the model knows. Which exist and what selects them is the trees' `lib/Kconfig.ts`. */
export type ConfigSymbol = 'ARCH_HAS_PMEM_API' | 'ARCH_HAS_UACCESS_FLUSHCACHE' | 'BLK_DEV_RAM_DAX';

export type LogLevel = 'error' | 'warning' | 'info';

/** One line of the kernel log. `device` is the name that dev_warn and its kin print in front. */
export interface LogLine {
  readonly level: LogLevel;
  readonly device: string;
  readonly text: string;
}

export interface Kernel {
  readonly machine: Machine;
  readonly cpu: Cpu;
  /** Enabled CONFIG_ symbols. */
  readonly configuration: ReadonlySet<ConfigSymbol>;
  readonly log: LogLine[];
  /** The task in whose context the kernel runs. */
  readonly current: { pid: number; fatalSignal: boolean };
  /** Disks by name, e.g. `pmem0`. */
  readonly disks: Map<string, GenDisk>;
  /** Physical ranges that are ordinary memory ("System RAM" of iomem). */
  readonly systemRam: { readonly start: number; readonly sizeBytes: number }[];
  /** Static variables of the C files: see `staticVariable`. */
  readonly statics: Map<symbol, unknown>;
}

/** A kernel without devices. */
export function newKernel(machine: Machine, configuration: Iterable<ConfigSymbol>): Kernel {
  return {
    machine,
    cpu: machine.cpu,
    configuration: new Set(configuration),
    log: [],
    current: { pid: 1, fatalSignal: false },
    disks: new Map(),
    systemRam: [],
    statics: new Map(),
  };
}

/** IS_ENABLED(CONFIG_symbol). */
export function isEnabled(kernel: Kernel, symbol: ConfigSymbol): boolean {
  return kernel.configuration.has(symbol);
}

/**
 * A C file's `static` variable: one value per booted kernel, made by `initial` when first looked at. Call once at
 * module level; the function returned gives the value of a kernel.
 */
export function staticVariable<Value>(name: string, initial: () => Value): (kernel: Kernel) => Value {
  const key = Symbol(name);
  return (kernel) => {
    if (!kernel.statics.has(key)) kernel.statics.set(key, initial());
    return kernel.statics.get(key) as Value;
  };
}

/** dev_err, dev_warn, dev_info, printk: appends a line to the log. */
export function print(kernel: Kernel, level: LogLevel, device: string, text: string): void {
  kernel.log.push({ level, device, text });
}

const printed = staticVariable('print-once', () => new Set<string>());

/** dev_info_once and its like: logs `site: text` the first time this kernel gets to `site`. */
export function printOnce(kernel: Kernel, level: LogLevel, device: string, site: string, text: string): void {
  if (printed(kernel).has(site)) return;
  printed(kernel).add(site);
  print(kernel, level, device, `${site}: ${text}`);
}

const warned = staticVariable('warn-once', () => new Set<string>());

/** WARN_ONCE: logs `text` the first time this kernel gets here. Returns `condition`. */
export function warnOnce(kernel: Kernel, condition: boolean, text: string): boolean {
  if (condition && !warned(kernel).has(text)) {
    warned(kernel).add(text);
    print(kernel, 'warning', 'WARN', text);
  }
  return condition;
}

/**
 * A point at which another task could get the processor, right before the C function `name` changes what that task can
 * see. Nothing happens here unless somebody listens.
 */
export function preemptionPoint(kernel: Kernel, name: string): void {
  kernel.cpu.onPoint?.(name);
}

/** preempt_disable … preempt_enable, get_cpu … put_cpu: does `work` so that no other task gets the processor meanwhile. */
export function withoutPreemption<Result>(kernel: Kernel, work: () => Result): Result {
  const { cpu } = kernel;
  const listener = cpu.onPoint;
  delete cpu.onPoint;
  try {
    return work();
  } finally {
    if (listener !== undefined) cpu.onPoint = listener;
  }
}

/** BUG(), a NULL dereference, a machine check in kernel mode: the kernel dies here. */
export class KernelOops extends Error {}

/** What a pointer that is NULL in C does when it is followed. */
export function mustExist<Value>(pointer: Value | undefined | null, what: string): Value {
  if (pointer === undefined || pointer === null) throw new KernelOops(`NULL dereference of ${what}`);
  return pointer;
}
