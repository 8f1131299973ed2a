/**
 * The kernel's memory and its allocator.
 *
 *   0           first                                     end      memory.size() · 64 KiB
 *   ├───────────┼────────────┬──────────────┬─────────────┼──────────────┤
 *   │ constants │ block      │ block        │ block       │ not yet used │
 *   └───────────┴────────────┴──────────────┴─────────────┴──────────────┘
 *
 *   block   ├ size (4) ┼ used (4) ┼ unused (56) ┼ payload, a multiple of 64 bytes ┤
 *
 * Blocks lie end to end, so that walking them needs no links. There are few and they are large (an
 * accumulator, a workspace), which makes first fit over all of them the right amount of machinery. Neighbours
 * that are free are joined by the next walk. Payloads start on a cache line. Nothing here runs inside a
 * numerical loop.
 */

const LINE: usize = 64;
const PAGE: usize = 65536;
/** One page short of 4 GiB, so that the end of memory is still a number of 32 bits. */
const MOST_PAGES: u32 = 65535;

const first: usize = alignUp(__heap_base);
let end: usize = first;
let limitPages: u32 = MOST_PAGES;

/**
 * Address of `bytes` bytes on a cache line, or 0 where memory cannot grow that far. Contents are undefined.
 * A size comes as f64, since it may exceed what an address can hold.
 */
export function allocate(bytes: f64): usize {
  if (!(bytes < <f64>MOST_PAGES * <f64>PAGE)) return 0;
  const size = LINE + alignUp(<usize>bytes);
  for (let block = first; block < end; block += sizeOf(block)) {
    if (isUsed(block)) continue;
    joinFollowing(block);
    if (sizeOf(block) >= size) return take(block, size);
  }
  return append(size);
}

/** Gives a block back. Passing 0 does nothing. */
export function release(payload: usize): void {
  if (payload != 0) store<u32>(payload - LINE, 0, 4);
}

/** Refuses to grow beyond so many bytes from now on. */
export function limitMemory(bytes: f64): void {
  limitPages = <u32>min(<f64>MOST_PAGES, bytes / <f64>PAGE);
}

/** Bytes in blocks that are in use, headers included. */
export function memoryInUse(): f64 {
  let sum: f64 = 0;
  for (let block = first; block < end; block += sizeOf(block)) {
    if (isUsed(block)) sum += <f64>sizeOf(block);
  }
  return sum;
}

function append(size: usize): usize {
  const block = lastFree();
  const needed = <u64>block + <u64>size;
  const pages = <u32>((needed + PAGE - 1) / PAGE);
  const have = <u32>memory.size();
  if (pages > have && (pages > limitPages || memory.grow(pages - have) < 0)) return 0;
  end = block + size;
  store<u32>(block, size);
  store<u32>(block, 1, 4);
  return block + LINE;
}

/** The last block if it is free (the walk has joined it with its predecessors), else the end. */
function lastFree(): usize {
  let last = end;
  for (let block = first; block < end; block += sizeOf(block)) last = block;
  return last < end && !isUsed(last) ? last : end;
}

function joinFollowing(block: usize): void {
  let next = block + sizeOf(block);
  while (next < end && !isUsed(next)) next += sizeOf(next);
  store<u32>(block, next - block);
}

/** Marks the front of a free block as used and leaves the rest, where there is some, as a free block. */
function take(block: usize, size: usize): usize {
  const rest = sizeOf(block) - size;
  if (rest > LINE) {
    store<u32>(block, size);
    store<u32>(block + size, rest);
    store<u32>(block + size, 0, 4);
  }
  store<u32>(block, 1, 4);
  return block + LINE;
}

@inline function sizeOf(block: usize): usize {
  return load<u32>(block);
}

@inline function isUsed(block: usize): bool {
  return load<u32>(block, 4) != 0;
}

/** Next multiple of a cache line. */
@inline export function alignUp(bytes: usize): usize {
  return (bytes + (LINE - 1)) & ~(LINE - 1);
}
