/**
 * Btt, pfn and dax devices of a region (drivers/nvdimm/{btt,pfn,dax}_devs.c): one of each kind waits as a seed for user
 * space to configure it; when it is bound to a namespace, the next seed is made.
 */
import type { NamespaceClaim, NamespaceIo, NdRegion } from './nd.ts';

/** `KINDR.N` with the lowest number that no device of the region has. */
export function freeClaimName({ id, children }: NdRegion, kind: NamespaceClaim['kind']): string {
  const isUsed = (name: string): boolean =>
    children?.claims.has(name) === true || children?.seeds[kind] === name;
  let number = 0;
  while (isUsed(`${kind}${id}.${number}`)) number++;
  return `${kind}${id}.${number}`;
}

/** The device of that kind over a namespace, if there is one: its driver need not be bound. */
export function claimOver(namespace: NamespaceIo, kind: NamespaceClaim['kind']): string | undefined {
  const claims = [...(namespace.region.children?.claims ?? [])];
  return claims.find(([, claim]) => claim.namespace === namespace && claim.kind === kind)?.[0];
}

/** Enters the device `name` over a namespace. Returns whether it was the seed of its kind. */
export function enterClaim(name: string, claim: NamespaceClaim): boolean {
  const { children } = claim.namespace.region;
  const wasSeed = children?.seeds[claim.kind] === name;
  children?.claims.set(name, claim);
  if (wasSeed) delete children?.seeds[claim.kind];
  return wasSeed;
}

/** Takes every btt, pfn and dax device off a namespace. */
export function dropClaims(namespace: NamespaceIo): void {
  const claims = namespace.region.children?.claims;
  for (const [name, claim] of claims ?? []) {
    if (claim.namespace === namespace) claims?.delete(name);
  }
}
