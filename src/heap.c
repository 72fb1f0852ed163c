/*
 * How glibc keeps the memory of the program. There is no way to say this in safe Rust. Runs before `main`; mallopt(3).
 *
 * - All threads take their memory from one heap. glibc gives each a heap of its own, so that what one thread has
 *   freed is no use to the others. The app has a few threads of which one works at a time: with one heap its memory
 *   is 1 MiB less.
 * - Pieces of 64 KiB and more (the screen, the milestones of a large incident) are given back when they are freed.
 *   glibc begins with that and stops at the first such piece: they leave holes of half a MiB then.
 */
#include <malloc.h>

__attribute__((constructor)) static void set_up_heap(void) {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 64 * 1024);
}
