// What `pmem-conform/config` is: gives a configuration its type, and nothing else, so that any tool can load it.

/** Returns the configuration as it is. */
export function defineProject(configuration) {
  return configuration;
}
