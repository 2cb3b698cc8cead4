/**
 * A project read without a compiler: its files, what they import, what names in them mean. That is all rules about files
 * ask. Other questions throw `NeedsCompilerError`, and the project is then opened with a compiler.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ts } from '@ts-morph/common';
import type {
  Compiler,
  DeclarationPlace,
  EmitOptions,
  LateReading,
  SourceUnit,
  SymbolHandle,
  SyntaxNode,
} from './compiler.ts';
import { createLeads, type Leads } from '../resolve/leads.ts';
import { createAmbient } from './ambient.ts';
import { emitOptionsOf } from './emit-options.ts';
import { kindNames } from './kind-names.ts';
import { LazyUnit } from './lazy-unit.ts';
import {
  boundFile,
  finallyMeant,
  hasKnownFields,
  isAlias,
  isValueDeclaration,
  literalText,
  meantBy,
  type BoundFile,
} from './lexical.ts';
import { namingsOf, type Naming } from './namings.ts';
import { needsCompiler } from './needs-compiler.ts';
import type { ProjectSource } from './opener.ts';
import { readProject, type ProjectPart } from './project-config.ts';
import { mayCallMadeRequire, scannedNamings } from './scan.ts';

/** What was read of files, which projects of one run share: of namings those that hang on no other file. */
export interface SyntaxCache {
  readonly units: Map<string, Unit>;
  readonly namings: Map<SourceUnit, readonly Naming[]>;
}

/** An empty cache. */
export function createSyntaxCache(): SyntaxCache {
  return { units: new Map(), namings: new Map() };
}

/** Declarations that mean one thing. */
interface Meaning extends SymbolHandle {
  readonly declarations: readonly ts.Declaration[];
}

/** Kinds of namings a compiler follows to further files; `require` only in JavaScript. */
const FOLLOWED = /^(?:import|export|import-equals|import\(\)|import-type|augmentation|reference)$/;

const isNever = (): boolean => false;

/** Opens a project. Throws `NeedsCompilerError` for one whose options only a compiler honours, `InputError` for a wrong one. */
export function openSyntax(source: ProjectSource, known: SyntaxCache = createSyntaxCache()): Compiler {
  const name = path.resolve(source.tsconfig);
  let conditions: readonly string[] = [];
  const leads = createLeads(name, () => conditions);
  const parts = readProject(source.tsconfig, leads);
  const main = parts.find((part) => part.files.length > 0) ?? parts[0];
  conditions = main?.options.customConditions ?? [];
  const isOdd = parts.some(({ options }) => options.noResolve);
  if (isOdd || main === undefined) needsCompiler();
  return new SyntaxOnly(parts, main, leads, known);
}

class SyntaxOnly implements Compiler {
  readonly name = 'ts-morph';
  readonly files: readonly SourceUnit[];
  readonly named: ReadonlySet<string>;
  readonly inputs: readonly string[];
  readonly late: LateReading;
  readonly leads: Leads;
  readonly notes: readonly string[];
  private readonly options: ts.CompilerOptions;
  private readonly owners: ReadonlyMap<string, ProjectPart>;
  private readonly kinds = kindNames();
  private readonly units = new Map<string, Unit>();
  private readonly emitted = new Map<string, EmitOptions>();
  private readonly known: SyntaxCache;
  /** Namings that hang on what `createRequire` made in this project. */
  private readonly ownNamings = new Map<SourceUnit, readonly Naming[]>();
  private readonly folder: string;
  private isRequireMade: boolean | undefined;
  private isDeclared: ((specifier: string) => boolean) | undefined;

  constructor(
    parts: readonly ProjectPart[],
    { tsconfig, options }: ProjectPart,
    leads: Leads,
    known: SyntaxCache,
  ) {
    this.known = known;
    this.options = options;
    this.folder = path.dirname(tsconfig);
    this.leads = leads;
    this.notes = leads.notes;
    this.owners = new Map(parts.flatMap((part) => part.files.map((file) => [file, part] as const)));
    this.named = new Set(this.owners.keys());
    this.late = {
      namingsOf: (unit) => this.namingsOf(unit),
      isKnown: (_unit, naming, specifier) => this.isKnown(naming, specifier),
      moduleAt: needsCompiler,
    };
    const isSource = sourcesOf(options);
    // A map may grow while it is gone through.
    for (const file of this.named) this.addUnit(file);
    for (const unit of this.units.values()) {
      for (const file of this.targetsOf(unit)) if (isSource(file) && existsSync(file)) this.addUnit(file);
    }
    this.files = [...this.units.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    this.inputs = this.files.map((unit) => unit.path);
  }

  private addUnit(file: string): void {
    if (this.units.has(file) || file.includes('/node_modules/')) return;
    const unit =
      this.known.units.get(file) ?? new LazyUnit(file, ({ path: name, text }) => boundFile(name, text));
    this.known.units.set(file, unit);
    this.units.set(file, unit);
  }

  private targetsOf(unit: SourceUnit): readonly string[] {
    const isScript = /\.[cm]?jsx?$/.test(unit.path);
    return this.followedIn(unit).flatMap((naming) => {
      if (!FOLLOWED.test(naming.kind) && !(isScript && naming.kind === 'require')) return [];
      const text = naming.text ?? literalText(naming.specifier);
      return text === undefined ? [] : (this.leads.to(unit.path, text).file ?? []);
    });
  }

  private namingsOf(unit: SourceUnit): readonly Naming[] {
    const kept = mayCallMadeRequire(unit) ? this.ownNamings : this.known.namings;
    const namings =
      kept.get(unit) ?? scannedNamings(unit, () => this.makesRequire()) ?? namingsOf(this, unit);
    kept.set(unit, namings);
    return namings;
  }

  /** Namings among which are all that lead to further files: what `createRequire` made is followed by no compiler. */
  private followedIn(unit: SourceUnit): readonly Naming[] {
    if (!mayCallMadeRequire(unit)) return this.namingsOf(unit);
    return scannedNamings(unit, isNever) ?? namingsOf(this, unit, isNever);
  }

  private makesRequire(): boolean {
    return (this.isRequireMade ??= [...this.units.values()].some(({ text }) =>
      text.includes('createRequire'),
    ));
  }

  /** A bare name that leads nowhere may be declared: in a file of the project, or in a package that is installed. */
  private isKnown({ kind }: Naming, specifier: string | undefined): boolean {
    return specifier !== undefined && kind !== 'road' && kind !== 'mock' && this.isDeclaredName(specifier);
  }

  isDeclaredName(specifier: string): boolean {
    this.isDeclared ??= createAmbient({
      units: this.files,
      entries: this.files
        .flatMap((one) => this.targetsOf(one))
        .filter((file) => file.includes('/node_modules/')),
      types: ts.getAutomaticTypeDirectiveNames(this.options, ts.sys),
      folder: this.folder,
      leads: this.leads,
    });
    return this.isDeclared(specifier);
  }

  fileAt(file: string): SourceUnit | undefined {
    return this.units.get(file);
  }

  kindOf(node: Pick<SyntaxNode, 'kind'>): string {
    return this.kinds[node.kind] ?? 'Unknown';
  }

  symbolsAt(nodes: readonly SyntaxNode[]): readonly (SymbolHandle | undefined)[] {
    return nodes.map((node) => {
      const own = node as ts.Node;
      const { parent } = own;
      const isReexport = ts.isExportSpecifier(parent) && parent.parent.parent.moduleSpecifier !== undefined;
      const declarations = isReexport ? [parent] : meantBy(own);
      return declarations.length === 0 ? undefined : meaning(declarations);
    });
  }

  targetOf(symbol: SymbolHandle): SymbolHandle {
    const { declarations } = symbol as Meaning;
    const [first] = declarations;
    if (first === undefined || !isAlias(first)) return symbol;
    if (declarations.length > 1) return needsCompiler();
    return meaning(finallyMeant(first, (from, specifier) => this.fileOf(from, specifier)));
  }

  private fileOf(from: string, specifier: string): BoundFile | undefined {
    const { file } = this.leads.to(from, specifier);
    const unit = file === undefined ? undefined : this.units.get(file);
    if (unit !== undefined) return unit.root;
    // What a package that is there exports, or a declared module, only a compiler knows.
    const isTold = file === undefined ? this.isDeclaredName(specifier) : /\.[cm]?ts$/.test(file);
    return isTold ? needsCompiler() : undefined;
  }

  keysOf(symbol: SymbolHandle): readonly string[] {
    return (symbol as Meaning).declarations.map(
      (node) => `${node.getSourceFile().fileName}:${node.pos}:${node.end}:${node.kind}`,
    );
  }

  declarationsOf(symbol: SymbolHandle): readonly DeclarationPlace[] {
    return (symbol as Meaning).declarations.map((node) => ({
      path: node.getSourceFile().fileName,
      kind: this.kindOf(node),
      node,
    }));
  }

  hasValue(symbol: SymbolHandle): boolean {
    return (symbol as Meaning).declarations.some(isValueDeclaration);
  }

  shorthandValueOf(node: SyntaxNode): SymbolHandle | undefined {
    return this.symbolsAt([node])[0];
  }

  /** Types of names are not known here; constants are followed by what they are declared with. */
  literalsAt(node: SyntaxNode): readonly string[] | undefined {
    const own = node as ts.Node;
    if (!ts.isPropertyAccessExpression(own)) return undefined;
    let root: ts.Expression = own;
    while (ts.isPropertyAccessExpression(root)) root = root.expression;
    const isTold = meantBy(root).some(
      (one) => isAlias(one) || ts.isEnumDeclaration(one) || hasKnownFields(one),
    );
    return isTold ? needsCompiler() : undefined;
  }

  emitOptions(file: string): EmitOptions {
    const known = this.emitted.get(file) ?? this.emitOptionsOf(file);
    this.emitted.set(file, known);
    return known;
  }

  private emitOptionsOf(file: string): EmitOptions {
    const options = this.owners.get(file)?.options ?? this.options;
    const { importsNotUsedAsValues: kept } = options as { readonly importsNotUsedAsValues?: number };
    return emitOptionsOf(options, options.jsx === ts.JsxEmit.React, file, (kept ?? 0) > 0);
  }

  resolveSpecifier(fromPath: string, specifier: string): string | undefined {
    return this.leads.to(fromPath, specifier).file;
  }

  close(): void {
    this.units.clear();
  }

  readonly moduleOf = needsCompiler;
  readonly exportsOf = needsCompiler;
  readonly membersOf = needsCompiler;
  readonly propertiesOf = needsCompiler;
  readonly propertyAt = needsCompiler;
  readonly expectedProperties = needsCompiler;
  readonly literalsOf = needsCompiler;
  readonly isAny = needsCompiler;
  readonly mayBeMissing = needsCompiler;
  readonly isCallable = needsCompiler;
  readonly slotTypeOf = needsCompiler;
  readonly signatureKeyAt = needsCompiler;
  readonly expectedNames = needsCompiler;
  readonly typeText = needsCompiler;
}

type Unit = LazyUnit<BoundFile>;

function meaning(declarations: readonly ts.Declaration[]): Meaning {
  return { name: '', declarations };
}

/** Files a compiler takes as sources under some options. */
function sourcesOf(options: ts.CompilerOptions): (file: string) => boolean {
  const { getAllowJSCompilerOption, getResolveJsonModule } = ts as unknown as {
    readonly getAllowJSCompilerOption: (options: ts.CompilerOptions) => boolean;
    readonly getResolveJsonModule: (options: ts.CompilerOptions) => boolean;
  };
  const isScript = getAllowJSCompilerOption(options) ? /\.[cm]?[jt]sx?$/ : /\.[cm]?tsx?$/;
  const isData = getResolveJsonModule(options);
  return (file) => isScript.test(file) || (isData && file.endsWith('.json'));
}
