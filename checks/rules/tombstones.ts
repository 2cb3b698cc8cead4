/**
 * Rule kind `tombstones`: what was removed stays removed. A tombstone is the identity a declaration leaves behind:
 * its file, name, parameter types and body shape. A later declaration or export that matches fails: the same name in
 * the same file, the same name with the same parameters anywhere. An equal body under another name is a hint.
 */
import * as v from 'valibot';
import type { CheckContext } from '../context.ts';
import type { Finding } from '../finding.ts';
import { filterOf } from '../globs.ts';
import { checkOptions, headerEntries, names } from '../options.ts';
import type { SourceUnit, SyntaxNode } from '../oracle/compiler.ts';
import { part, parts } from '../oracle/syntax.ts';
import { owningFiles, resolveTarget } from '../oracle/targets.ts';
import { findingOf, type Rule, type RuleHeader, type RuleOutcome } from '../rule.ts';
import { shapeOf, shapesIn } from './body-shape.ts';

/** What a removed declaration leaves behind. */
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

/** What the options of a rule of this kind must be. */
export const tombstonesSchema = v.strictObject({
  ...headerEntries,
  tombstones: v.array(
    v.strictObject({ file: v.string(), name: v.string(), shape: v.string(), body: v.optional(v.string()) }),
  ),
  files: v.optional(names),
  acknowledged: v.optional(v.array(v.string())),
});

/** What was removed stays removed. Throws `InputError` for wrong options. */
export function tombstones(options: TombstonesOptions): Rule {
  checkOptions(tombstonesSchema, 'tombstones', options);
  return { ...options, kind: 'tombstones', check: (context) => check(options, context) };
}

/** Tombstones for symbols that still exist in a project, written as in other rules. */
export function tombstonesOf(context: CheckContext, symbols: readonly string[]): readonly Tombstone[] {
  const { compiler } = context;
  return symbols
    .flatMap((written) => resolveTarget(context, written))
    .flatMap(({ symbol }) => {
      const node = compiler.declarationsOf(symbol)[0]?.node;
      const file = owningFiles(compiler, symbol)[0];
      if (node === undefined || file === undefined) return [];
      const shape = parametersOf(node) ?? '';
      return [
        { file: context.nameOf({ path: file }), name: symbol.name, shape, body: shapeOf(compiler, node) },
      ];
    });
}

function parametersOf(declaration: SyntaxNode): string | undefined {
  const owner = part(declaration, 'initializer') ?? declaration;
  if (part(owner, 'body') === undefined) return undefined;
  const types = parts(owner, 'parameters').map(
    (parameter) => part(parameter, 'type')?.getText() ?? 'untyped',
  );
  return types.map((type) => type.replace(/\s+/g, ' ')).join(', ');
}

function check(options: TombstonesOptions, context: CheckContext): RuleOutcome {
  const covers = filterOf(options.files ?? ['**']);
  const units = context.compiler.files.filter((unit) => covers(context.nameOf(unit)));
  const acknowledged = new Set(options.acknowledged);
  const findings = units.flatMap((unit) => [
    ...risenNames(options, context, unit),
    ...risenBodies(options, context, unit),
  ]);
  return {
    findings: findings.filter(
      ({ place, symbol }) => !acknowledged.has(`${place.file}#${symbol.split(' ')[0] ?? ''}`),
    ),
    matched: units.length,
    unmatched: [],
    covers,
  };
}

function risenNames(options: TombstonesOptions, context: CheckContext, unit: SourceUnit): readonly Finding[] {
  const file = context.nameOf(unit);
  const stones = options.tombstones.filter((stone) => unit.text.includes(stone.name));
  return stones.flatMap((stone) =>
    declarationsNamed(context, unit, stone.name).flatMap(({ name, declaration }) => {
      const shape = declaration === undefined ? undefined : parametersOf(declaration);
      const isSamePlace = file === stone.file;
      const isSameShape = shape !== undefined && shape === stone.shape;
      // An export of that name is a road back whatever it stands for; a local name needs the same parameters.
      if (!isSamePlace && !isSameShape && declaration !== undefined) return [];
      if (declaration === undefined && !isSamePlace && stone.shape === '') return [];
      const symbol = `${stone.name} of ${stone.file}`;
      const message = `declares ${stone.name} again, removed from ${stone.file}`;
      return [findingOf(options, context, { unit, node: name, symbol, message })];
    }),
  );
}

interface Named {
  readonly name: SyntaxNode;
  /** The function or other declaration; `undefined` for an export under another name. */
  readonly declaration: SyntaxNode | undefined;
}

const DECLARING = new Set([
  'FunctionDeclaration',
  'VariableDeclaration',
  'ClassDeclaration',
  'InterfaceDeclaration',
  'TypeAliasDeclaration',
  'EnumDeclaration',
  'MethodDeclaration',
  'PropertyDeclaration',
  'PropertyAssignment',
]);

function declarationsNamed(context: CheckContext, unit: SourceUnit, name: string): readonly Named[] {
  return context.words.nodesNamed(unit, name).flatMap((node): Named[] => {
    const parent = node.parent;
    const kind = context.compiler.kindOf(parent);
    if (DECLARING.has(kind) && part(parent, 'name') === node) return [{ name: node, declaration: parent }];
    const isExported = kind === 'ExportSpecifier' && part(parent, 'name') === node;
    return isExported && part(parent, 'propertyName') !== undefined
      ? [{ name: node, declaration: undefined }]
      : [];
  });
}

function risenBodies(
  options: TombstonesOptions,
  context: CheckContext,
  unit: SourceUnit,
): readonly Finding[] {
  const stones = new Map(
    options.tombstones.flatMap((stone) => (stone.body === undefined ? [] : [[stone.body, stone]])),
  );
  if (stones.size === 0) return [];
  return shapesIn(context.compiler, unit.root).flatMap(({ node, shape }) => {
    const stone = stones.get(shape);
    const name = part(node, 'name');
    if (stone === undefined || (name !== undefined && name.getText() === stone.name)) return [];
    const message = `has the same body as ${stone.name}, removed from ${stone.file}, but for names`;
    const symbol = `${stone.name} of ${stone.file}`;
    return [findingOf(options, context, { unit, node: name ?? node, symbol, message, certainty: 'hint' })];
  });
}
