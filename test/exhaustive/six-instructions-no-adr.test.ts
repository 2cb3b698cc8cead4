/** Every program of up to six instructions under two of the settings; the files share the work between processes. */
import { compareSixInstructions } from '../machine/oracle/six-instructions.ts';

compareSixInstructions('adr, flush covers non-temporal', 'none');
