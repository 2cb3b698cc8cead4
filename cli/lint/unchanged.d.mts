/** What a run printed and how it ended. */
export interface Said {
  readonly out: string;
  readonly error: string;
  readonly code: number;
}
export function sayAgain(argumentsGiven: readonly string[]): number | undefined;
export function keepSaid(argumentsGiven: readonly string[], names: readonly string[], said: Said): void;
