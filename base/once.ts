/** Work that is done when its result is first asked for, and not again. */

/** `make`, which is asked once for each argument. */
export function onceEach<Argument, Result>(
  make: (argument: Argument) => Result,
): (argument: Argument) => Result {
  const made = new Map<Argument, Result>();
  return (argument) => {
    if (!made.has(argument)) made.set(argument, make(argument));
    return made.get(argument) as Result;
  };
}

/** `make`, which is asked once. */
export function once<Result>(make: () => Result): () => Result {
  const each = onceEach(make);
  return () => each(undefined);
}
