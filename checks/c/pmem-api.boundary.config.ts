/**
 * The series that moves pmem writes into the driver, as rules about a kernel's C: after the commit that removes the global
 * api nobody names its helpers; only drivers and arch name the helpers of the architecture; dax operations are filled by
 * drivers; uses of the api only get fewer. Run it on any kernel tree or range (docs/LINT-C.md).
 */
import {
  boundary,
  defineRules,
  fallingCounts,
  noReference,
  noUndeclared,
  onlyInto,
} from 'pmem-conform/rules';

const GLOBAL_API = [
  'memcpy_to_pmem',
  'copy_from_iter_pmem',
  'clear_pmem',
  'wb_cache_pmem',
  'invalidate_pmem',
  'arch_has_pmem_api',
];
const ARCH_COPIES = ['arch_memcpy_to_pmem', 'arch_copy_from_iter_pmem', 'arch_clear_pmem'];
const ARCH_HELPERS = ['arch_wb_cache_pmem', 'arch_invalidate_pmem'];

export default defineRules({
  language: 'c',
  files: ['**/*.[chS]'],
  includePaths: [
    'include',
    'arch/x86/include',
    { files: ['tools/testing/nvdimm/**'], paths: ['drivers/nvdimm'] },
  ],
  rules: [
    noReference({
      id: 'PM-1',
      title: 'The global pmem api is gone',
      because: 'It flushed caches for every device, whether its driver had asked for it or not.',
      instead: 'Call the operations of the dax device, or the _flushcache copies inside the driver.',
      symbols: [...GLOBAL_API, ...ARCH_COPIES],
      from: 'remove the global api*',
      mayBeEmpty: true,
      strict: true,
    }),
    noReference({
      id: 'PM-2',
      title: 'Only drivers and arch name the helpers of the architecture',
      because: 'Whether a write needs a flush is for the driver of the device to know.',
      instead: 'Call dax_flush, which asks the driver.',
      symbols: ARCH_HELPERS,
      except: ['drivers/nvdimm/**', 'arch/**', 'include/linux/pmem.h'],
    }),
    onlyInto({
      id: 'PM-3',
      title: 'Direct access is published through operations only',
      because: 'A driver that is called past its operations cannot be replaced or told to stop.',
      instead: 'Store the function in the operations of the device and call it through them.',
      symbols: ['*_dax_direct_access'],
      slots: ['struct dax_operations.direct_access', 'struct target_type.direct_access'],
      callers: ['drivers/dax/**', 'fs/**'],
    }),
    boundary({
      id: 'PM-4',
      title: 'drivers/nvdimm/pmem.h is private to libnvdimm',
      because: 'What it declares is the inside of one driver.',
      instead: 'Use include/linux/libnvdimm.h or the dax device.',
      files: ['{block,fs,lib,mm}/**', 'drivers/{block,dax,md,s390}/**'],
      mustNotInclude: ['drivers/nvdimm/pmem.h'],
    }),
    fallingCounts({
      id: 'PM-5',
      title: 'Uses of the global api only get fewer',
      because: 'A series that takes an api away must not spread it on its way.',
      instead: 'Use what replaces it from the start.',
      symbols: [...GLOBAL_API, ...ARCH_COPIES],
      mayBeEmpty: true,
    }),
    noUndeclared({
      id: 'PM-6',
      title: 'Nobody declares helpers of the architecture for himself',
      because:
        'A declaration of one’s own goes past the header that says who may call, and under which condition.',
      instead: 'Include the header, or do without the call.',
      files: ['drivers/dax/**', 'drivers/nvdimm/**', 'fs/dax.c'],
    }),
  ],
});
