/** The options that decide what is left of an import, from the options of either compiler. */
import { isCommonJsPackage } from '../resolve/package-type.ts';
import type { EmitOptions } from './compiler.ts';

/** As both compilers name them. */
interface Options {
  readonly verbatimModuleSyntax?: boolean | undefined;
  readonly isolatedModules?: boolean | undefined;
  readonly emitDecoratorMetadata?: boolean | undefined;
  readonly preserveConstEnums?: boolean | undefined;
  readonly strict?: boolean | undefined;
  readonly strictNullChecks?: boolean | undefined;
  readonly jsxFactory?: string | undefined;
  readonly reactNamespace?: string | undefined;
  readonly module?: number | undefined;
}

/** `module` from `node16` to `nodenext`, by number in both compilers. */
const NODE_MODULES = { from: 100, to: 199 };

/** Reads them; `isReact` says whether JSX becomes calls of a factory that must be in scope. */
export function emitOptionsOf(
  options: Options,
  isReact: boolean,
  file: string,
  keepsImports: boolean,
): EmitOptions {
  const isolated = options.isolatedModules === true || options.verbatimModuleSyntax === true;
  let isScript: boolean | undefined;
  const factory = options.jsxFactory?.split('.')[0] ?? options.reactNamespace ?? 'React';
  return {
    verbatim: options.verbatimModuleSyntax === true,
    isolated,
    decoratorMetadata: options.emitDecoratorMetadata === true,
    strictNulls: options.strictNullChecks ?? options.strict ?? true,
    keepsConstEnums: isolated || options.preserveConstEnums === true,
    jsxFactory: isReact ? factory : undefined,
    get isCommonJs() {
      return (isScript ??= isCommonJs(options.module ?? 0, file));
    },
    keepsImports,
  };
}

/** Whether the package a file lies in makes it a CommonJS module, under options that go by that. */
function isCommonJs(module: number, file: string): boolean {
  return module >= NODE_MODULES.from && module <= NODE_MODULES.to && isCommonJsPackage(file);
}
