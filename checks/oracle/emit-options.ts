/** The options that decide what is left of an import, from the options of either compiler. */
import type { EmitOptions } from './compiler.ts';

/** As both compilers name them. */
interface Options {
  readonly verbatimModuleSyntax?: boolean | undefined;
  readonly isolatedModules?: boolean | undefined;
  readonly emitDecoratorMetadata?: boolean | undefined;
  readonly preserveConstEnums?: boolean | undefined;
  readonly jsxFactory?: string | undefined;
  readonly reactNamespace?: string | undefined;
}

/** Reads them; `isReact` says whether JSX becomes calls of a factory that must be in scope. */
export function emitOptionsOf(options: Options, isReact: boolean): EmitOptions {
  const isolated = options.isolatedModules === true || options.verbatimModuleSyntax === true;
  const factory = options.jsxFactory?.split('.')[0] ?? options.reactNamespace ?? 'React';
  return {
    verbatim: options.verbatimModuleSyntax === true,
    isolated,
    decoratorMetadata: options.emitDecoratorMetadata === true,
    keepsConstEnums: isolated || options.preserveConstEnums === true,
    jsxFactory: isReact ? factory : undefined,
  };
}
