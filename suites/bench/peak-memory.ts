/** Loaded into a measured process: tells its peak memory, in kilobytes, on the pipe that the benchmark opens for it. */
import { writeSync } from 'node:fs';

/** The file descriptor of that pipe. */
const PIPE = 3;

process.on('exit', () => {
  writeSync(PIPE, String(process.resourceUsage().maxRSS));
});
