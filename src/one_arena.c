/*
 * Has all threads take their memory from one heap.
 *
 * glibc gives each thread a heap of its own, so that what one thread has freed is no use to the others. The app has
 * a few threads of which one works at a time: with one heap its memory is 1 MiB less. There is no way to say this
 * in safe Rust. Runs before `main`; mallopt(3).
 */
#include <malloc.h>

__attribute__((constructor)) static void use_one_arena(void) { mallopt(M_ARENA_MAX, 1); }
