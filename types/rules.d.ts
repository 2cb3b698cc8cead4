/** The types of rules files: what `pmem-conform/rules` exports. Needs nothing else of this package. */

export interface RuleHeader {
  /** Stable id, for example `APP-001`. */
  readonly id: string;
  /** One line that says what must hold. */
  readonly title: string;
  /** Why. */
  readonly because: string;
  /** What to do instead. */
  readonly instead: string;
  /** `error` unless said otherwise; a warning does not fail the run. */
  readonly severity?: 'error' | 'warning';
  /** First step of a series at which the rule is in force. */
  readonly from?: number;
  /** First step at which it no longer is. */
  readonly until?: number;
  /** Whether its findings may never be accepted. */
  readonly strict?: boolean;
  /** Free words for choosing rules on the command line. */
  readonly tags?: readonly string[];
  /** Whether it is fine that the rule matches nothing. */
  readonly mayBeEmpty?: boolean;
}

/** A rule as a rule function makes it. */
export interface Rule extends RuleHeader {
  readonly kind: string;
}

export type UseKind = 'import' | 'export' | 'call' | 'value' | 'type' | 'extends' | 'write' | 'namespace';

export interface BoundaryOptions extends RuleHeader {
  /** Files that must not import. Globs of a rule may share placeholders: `src/features/<f>/**`. */
  readonly files: readonly string[];
  /** Files they must not import. */
  readonly mustNotImport?: readonly string[];
  /** Packages and builtin modules they must not import: `lodash` (subpaths too), `lodash/fp`, `@scope/*`, `node:*`. */
  readonly packages?: readonly string[];
  readonly except?: readonly string[];
  /** Values that placeholders may have: a list, or a glob over folders and files whose names they are. */
  readonly each?: Readonly<Record<string, string | readonly string[]>>;
  readonly reach?: 'direct' | 'transitive';
  readonly types?: 'ban' | 'allow';
  readonly mocks?: 'ban' | 'allow';
}

export interface PublicApiOptions extends RuleHeader {
  /** Folders of modules with a placeholder: `src/features/<feature>`. */
  readonly modules: string;
  readonly entry?: string | readonly string[];
  readonly except?: readonly string[];
  readonly types?: 'ban' | 'allow';
}

export interface SiblingsOptions extends PublicApiOptions {}

export interface Layer {
  readonly name: string;
  readonly files: readonly string[];
  readonly may: readonly string[];
  readonly packages?: readonly string[];
}

export interface LayersOptions extends RuleHeader {
  readonly layers: readonly Layer[];
  readonly types?: 'ban' | 'allow';
}

export interface NoCyclesOptions extends RuleHeader {
  readonly files?: readonly string[];
  readonly types?: 'ban' | 'allow';
  readonly lazy?: 'ban' | 'allow';
  readonly limit?: number;
}

export interface NoReferenceOptions extends RuleHeader {
  /** `file#name`, `file#Class.member`, `file#*`, `package#name`, `file#name(a: number)`. */
  readonly symbols?: readonly string[];
  readonly deprecated?: boolean;
  readonly implementations?: boolean;
  readonly files?: readonly string[];
  readonly except?: readonly string[];
  readonly uses?: readonly UseKind[];
}

export interface NoUnresolvedOptions extends RuleHeader {
  readonly files?: readonly string[];
  readonly ignore?: readonly string[];
}

export interface NoOpaqueOptions extends RuleHeader {
  /** Files that are looked at; all when left out. */
  readonly files?: readonly string[];
  /** What counts as opaque; all three when left out. */
  readonly what?: readonly ('any-callee' | 'code-from-text' | 'dynamic-import')[];
}

export interface NoCopyOptions extends RuleHeader {
  /** The functions whose copies are looked for. */
  readonly symbols: readonly string[];
  /** Files the rule is about; all when left out. */
  readonly files?: readonly string[];
  /** Files that may hold copies. */
  readonly except?: readonly string[];
}

export interface OnlyIntoOptions extends RuleHeader {
  /** The functions: `file#name`, `file#Class.member`. */
  readonly symbols: readonly string[];
  /** Types whose fields may hold them: `file#Type`. */
  readonly slots: readonly string[];
  /** Files that may call them directly, beside those that declare them. */
  readonly callers?: readonly string[];
  /** Files the rule is about; all when left out. */
  readonly files?: readonly string[];
}

export interface PresenceTestedOptions extends RuleHeader {
  /** Types with optional members: `file#Type` means all its optional members, `file#Type.member` one of them. */
  readonly operations: readonly string[];
  /** Files the rule is about; all when left out. */
  readonly files?: readonly string[];
}

export interface ApiReportOptions extends RuleHeader {
  /** Files whose exports make up the surface. */
  readonly files: readonly string[];
  /** The report, relative to the base; `{step}` becomes the two digits of the step. */
  readonly report: string;
}

export interface Tombstone {
  /** File it was in, relative to the base. */
  readonly file: string;
  readonly name: string;
  /** Types of its parameters as written, joined; empty for what is no function. */
  readonly shape: string;
  /** Hash of its body without names; absent when it is too small to tell. */
  readonly body?: string | undefined;
}

export interface TombstonesOptions extends RuleHeader {
  readonly tombstones: readonly Tombstone[];
  /** Files the rule is about; all when left out. */
  readonly files?: readonly string[];
  /** Declarations that may match, as `file#name`. */
  readonly acknowledged?: readonly string[];
}

/** Rules about C: `from` and `until` are numbers of commits of a range, or globs of their subjects. */
export interface CRuleHeader extends Omit<RuleHeader, 'from' | 'until'> {
  readonly from?: number | string;
  readonly until?: number | string;
}

export type CUseKind =
  | 'call'
  | 'value'
  | 'slot'
  | 'argument'
  | 'type'
  | 'stored'
  | 'macro-body'
  | 'macro-definition'
  | 'macro-undef'
  | 'paste'
  | 'alias'
  | 'assembly'
  | 'condition'
  | 'include'
  | 'definition'
  | 'declaration'
  | 'export'
  | 'named'
  | 'text';

export interface CNoReferenceOptions extends CRuleHeader {
  /** Names, globs of names, `file.c#name` for a static, `struct T` for a type. */
  readonly symbols: readonly string[];
  readonly files?: readonly string[];
  /** Files that may name the symbols. What they make of them (macros, wrappers) others may use. */
  readonly except?: readonly string[];
  readonly uses?: readonly CUseKind[];
  readonly strictStrings?: boolean;
}

export interface COnlyIntoOptions extends CRuleHeader {
  readonly symbols: readonly string[];
  /** Fields that may hold them: `struct T.field`, `struct T.*`. */
  readonly slots: readonly string[];
  readonly callers?: readonly string[];
  readonly files?: readonly string[];
}

export interface CBoundaryOptions extends CRuleHeader {
  readonly files: readonly string[];
  readonly except?: readonly string[];
  readonly mustNotInclude?: readonly string[];
  /** Files whose declarations they must not name. */
  readonly mustNotUse?: readonly string[];
  readonly reach?: 'direct' | 'transitive';
}

export interface CLayer {
  readonly name: string;
  readonly files: readonly string[];
  readonly may: readonly string[];
}

export interface CLayersOptions extends CRuleHeader {
  readonly layers: readonly CLayer[];
}

export interface CTombstonesOptions extends CRuleHeader {
  readonly tombstones: {
    readonly since?: string;
    readonly names?: readonly string[];
    readonly file?: string;
  };
  readonly files?: readonly string[];
  readonly acknowledged?: readonly string[];
}

export interface FallingCountsOptions extends CRuleHeader {
  readonly symbols: readonly string[];
  readonly count?: readonly CUseKind[];
  readonly per?: 'tree' | 'file';
  readonly files?: readonly string[];
}

export interface ExportReportOptions extends CRuleHeader {
  readonly files: readonly string[];
  readonly report: string;
}

export interface CNoUnresolvedOptions extends CRuleHeader {
  readonly files?: readonly string[];
  readonly ignore?: readonly string[];
  readonly generated?: readonly string[];
}

export interface CNoUndeclaredOptions extends CRuleHeader {
  readonly files?: readonly string[];
  readonly except?: readonly string[];
}

export function boundary(options: CBoundaryOptions): Rule;
export function layers(options: CLayersOptions): Rule;
export function noReference(options: CNoReferenceOptions): Rule;
export function noUnresolved(options: CNoUnresolvedOptions): Rule;
export function onlyInto(options: COnlyIntoOptions): Rule;
export function tombstones(options: CTombstonesOptions): Rule;
export function fallingCounts(options: FallingCountsOptions): Rule;
export function exportReport(options: ExportReportOptions): Rule;
export function noUndeclared(options: CNoUndeclaredOptions): Rule;
/** For `defineRules({ language, … })`: the rules are about C. */
export const language: 'c';

export function boundary(options: BoundaryOptions): Rule;
export function publicApi(options: PublicApiOptions): Rule;
export function siblings(options: SiblingsOptions): Rule;
export function layers(options: LayersOptions): Rule;
export function noCycles(options: NoCyclesOptions): Rule;
export function noReference(options: NoReferenceOptions): Rule;
export function noUnresolved(options: NoUnresolvedOptions): Rule;
export function noOpaque(options: NoOpaqueOptions): Rule;
export function noCopy(options: NoCopyOptions): Rule;
export function onlyInto(options: OnlyIntoOptions): Rule;
export function presenceTested(options: PresenceTestedOptions): Rule;
export function apiReport(options: ApiReportOptions): Rule;
export function tombstones(options: TombstonesOptions): Rule;

/** A rules file as a value. */
export interface RuleSet {
  /** What the rules are about; TypeScript when left out. */
  readonly language?: 'typescript' | 'c';
  /** For C: files looked at. */
  readonly files?: readonly string[];
  /** For C: folders that `#include` searches, for all files or for some. */
  readonly includePaths?: readonly (
    | string
    | { readonly files: readonly string[]; readonly paths: readonly string[] }
  )[];
  /** Folder that file names and globs start from, relative to the rules file. */
  readonly base?: string;
  /** How many exceptions beside the code there may be. */
  readonly exceptions?: { readonly max: number };
  readonly rules: readonly Rule[];
}

/** Checks a set of rules and returns it. */
export function defineRules(ruleSet: RuleSet): RuleSet;
